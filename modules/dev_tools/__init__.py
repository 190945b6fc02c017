"""Developer tools: the registry and the addresses of the running application, for admins only."""
