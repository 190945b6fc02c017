"""The pages of the whole instance, for instance admins."""

from __future__ import annotations

from console.web.instance import (
    audit,
    graph,
    logins,
    modules,
    overview,
    platforms,
    search,
    settings,
    styleguide,
    tokens,
    users,
)
from console.web.instance._blueprint import blueprint

__all__ = [
    "audit",
    "blueprint",
    "graph",
    "logins",
    "modules",
    "overview",
    "platforms",
    "search",
    "settings",
    "styleguide",
    "tokens",
    "users",
]
