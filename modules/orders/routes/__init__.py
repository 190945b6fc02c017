"""The pages of orders and their JSON."""
