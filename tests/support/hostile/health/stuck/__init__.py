"""Has a check that never answers."""
