"""Works in its third try."""
