"""Orders: what vendors sell, from draft to completed, paid with a method that payments keeps."""
