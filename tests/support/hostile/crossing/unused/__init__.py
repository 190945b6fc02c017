"""Stays off."""
