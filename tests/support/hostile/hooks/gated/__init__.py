"""Waits at a gate, in the middle of its work, until somebody opens it."""
