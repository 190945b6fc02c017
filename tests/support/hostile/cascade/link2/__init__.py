"""Number 2 of five in a chain."""
