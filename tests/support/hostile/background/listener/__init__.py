"""Listens, and works in the background."""
