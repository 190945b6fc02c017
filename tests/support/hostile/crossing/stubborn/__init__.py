"""Stays on."""
