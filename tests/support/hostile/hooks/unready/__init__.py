"""Is ready when it was asked four times."""
