"""Has no check."""
