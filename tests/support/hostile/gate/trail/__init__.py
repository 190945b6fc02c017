"""A wrapper that groups console pages."""
