"""Raises when it starts up."""
