"""The pages of billing and their JSON."""
