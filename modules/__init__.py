"""The business modules that ship with the console; each package holds one definition."""
