"""The smallest module with a page, to measure what stands before a view."""
