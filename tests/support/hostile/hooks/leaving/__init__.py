"""Raises what only the interpreter should raise."""
