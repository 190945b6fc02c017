"""The pages of the content module and their JSON."""
