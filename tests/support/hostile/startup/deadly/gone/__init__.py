"""Ends the process that it starts up in."""
