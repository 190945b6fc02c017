"""Finds its configuration wrong."""
