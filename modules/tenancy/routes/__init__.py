"""The pages of tenancy and their JSON."""
