"""Takes its time and says how far it is."""
