"""A module that would like to see every request."""
