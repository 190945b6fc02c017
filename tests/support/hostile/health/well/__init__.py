"""Is well and says more."""
