"""Has a check that returns another shape."""
