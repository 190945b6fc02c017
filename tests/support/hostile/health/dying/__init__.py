"""Has a check that ends its process."""
