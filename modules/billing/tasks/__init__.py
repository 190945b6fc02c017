"""What billing does by the clock."""
