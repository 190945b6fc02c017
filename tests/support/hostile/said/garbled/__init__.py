"""Says what no database takes."""
