"""Routes of the measured module."""
