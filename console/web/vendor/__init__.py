"""The console's pages of one vendor, for its members."""

from __future__ import annotations

from console.web.vendor import catalog, home, search
from console.web.vendor._blueprint import blueprint

__all__ = ["blueprint", "catalog", "home", "search"]
