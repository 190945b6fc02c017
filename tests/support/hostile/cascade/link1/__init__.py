"""Number 1 of five in a chain."""
