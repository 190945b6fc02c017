"""How fast the console is, as ratios between things measured side by side in one run."""
