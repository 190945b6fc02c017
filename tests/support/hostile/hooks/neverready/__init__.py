"""Is never ready."""
