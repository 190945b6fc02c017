"""Has a check that raises."""
