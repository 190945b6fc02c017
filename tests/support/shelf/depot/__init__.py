"""A module whose configuration has one of everything; for tests of its pages."""
