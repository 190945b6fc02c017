"""A module that only tests have."""
