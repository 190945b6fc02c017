"""Analytics and reports: what the modules of a platform say about themselves, and what happened to them."""
