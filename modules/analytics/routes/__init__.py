"""The pages of analytics and their JSON."""
