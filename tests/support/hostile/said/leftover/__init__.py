"""Leaves a thread and a process behind."""
