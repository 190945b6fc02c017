"""The pages of payments and their JSON."""
