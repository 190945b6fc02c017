"""People: set-up, login, logout, account, and the start page that leads to where somebody works."""

from __future__ import annotations

from console.web.people import account, factors, keyboard, language, login, passkeys, setup
from console.web.people._blueprint import blueprint

__all__ = ["account", "blueprint", "factors", "keyboard", "language", "login", "passkeys", "setup"]
