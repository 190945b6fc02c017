"""Number 5 of five in a chain."""
