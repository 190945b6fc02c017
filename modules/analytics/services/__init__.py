"""What analytics does, as functions on a session; nobody here commits or reads the request."""
