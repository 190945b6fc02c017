"""Ends its process."""
