"""Raises in every try."""
