"""People: set-up, login, logout, account, and the start page that leads to where somebody works."""

from __future__ import annotations

from console.web.people import account, keyboard, language, login, setup
from console.web.people._blueprint import blueprint

__all__ = ["account", "blueprint", "keyboard", "language", "login", "setup"]
