"""Holds the write lock while it works, and reports meanwhile."""
