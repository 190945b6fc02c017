"""Is asked once for each platform."""
