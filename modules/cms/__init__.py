"""Content management: the pages, pictures and themes of vendors."""
