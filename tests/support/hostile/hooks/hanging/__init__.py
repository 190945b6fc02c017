"""Never comes back, whatever is raised in it, and has a child that does not either."""
