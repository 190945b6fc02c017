"""The pages of the whole instance, for instance admins."""

from __future__ import annotations

from console.web.instance import graph, modules, platforms, settings, users
from console.web.instance._blueprint import blueprint

__all__ = ["blueprint", "graph", "modules", "platforms", "settings", "users"]
