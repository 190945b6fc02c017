"""Requires the gated one."""
