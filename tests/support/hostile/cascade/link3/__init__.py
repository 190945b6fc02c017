"""Number 3 of five in a chain."""
