"""The pages of the developer tools and their JSON."""
