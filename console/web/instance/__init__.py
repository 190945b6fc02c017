"""The pages of the whole instance, for instance admins."""

from __future__ import annotations

from console.web.instance import modules, platforms, settings, users
from console.web.instance._blueprint import blueprint

__all__ = ["blueprint", "modules", "platforms", "settings", "users"]
