"""The console's pages of one platform, for its admins."""

from __future__ import annotations

from console.web.admin import (
    audit,
    bulk,
    config,
    config_restore,
    given_up,
    graph,
    health,
    menu,
    module_health,
    module_history,
    module_views,
    modules,
    operations,
    overview,
    purge,
    requests,
    search,
    toggles,
    vendors,
)
from console.web.admin._blueprint import blueprint

__all__ = [
    "audit",
    "blueprint",
    "bulk",
    "config",
    "config_restore",
    "given_up",
    "graph",
    "health",
    "menu",
    "module_health",
    "module_history",
    "module_views",
    "modules",
    "operations",
    "overview",
    "purge",
    "requests",
    "search",
    "toggles",
    "vendors",
]
