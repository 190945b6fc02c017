"""Starts up and has a step to run afterwards."""
