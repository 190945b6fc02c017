"""Number 4 of five in a chain."""
