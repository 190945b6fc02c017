"""The console's own JSON: all that its pages do, for programs."""

from __future__ import annotations

from console.web.api import (
    audit,
    configuration,
    given_up,
    modules,
    openapi,
    operations,
    purging,
    requests,
    tiers,
    vendors,
)
from console.web.api._blueprint import blueprint

__all__ = [
    "audit",
    "blueprint",
    "configuration",
    "given_up",
    "modules",
    "openapi",
    "operations",
    "purging",
    "requests",
    "tiers",
    "vendors",
]
