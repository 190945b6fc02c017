"""Billing: what vendors subscribe to."""
