"""A module whose definition cannot be read."""
