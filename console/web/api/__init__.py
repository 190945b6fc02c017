"""The console's own JSON: all that its pages do, for programs."""

from __future__ import annotations

from console.web.api import audit, configuration, modules, openapi, operations, purging, vendors
from console.web.api._blueprint import blueprint

__all__ = ["audit", "blueprint", "configuration", "modules", "openapi", "operations", "purging", "vendors"]
