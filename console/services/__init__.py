"""What the product does: plain functions on a unit of work; no request, no commit."""
