"""People: set-up, login, logout, account, and the start page that leads to where somebody works."""

from __future__ import annotations

from console.web.people import account, language, login, setup
from console.web.people._blueprint import blueprint

__all__ = ["account", "blueprint", "language", "login", "setup"]
