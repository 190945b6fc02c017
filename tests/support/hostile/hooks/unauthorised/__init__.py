"""Has credentials that are refused."""
