"""The console's own JSON: all that its pages do, for programs."""

from __future__ import annotations

from console.web.api import (
    accounts,
    audit,
    catalog,
    configuration,
    given_up,
    menu,
    modules,
    openapi,
    operations,
    overviews,
    people,
    plans,
    purging,
    requests,
    roles,
    search,
    tiers,
    tokens,
    vendors,
)
from console.web.api import instance as instance_views
from console.web.api._blueprint import blueprint
from console.web.api._blueprint import instance as instance_blueprint
from console.web.api._blueprint import shop as shop_blueprint

__all__ = [
    "accounts",
    "audit",
    "blueprint",
    "catalog",
    "configuration",
    "given_up",
    "instance_blueprint",
    "instance_views",
    "menu",
    "modules",
    "openapi",
    "operations",
    "overviews",
    "people",
    "plans",
    "purging",
    "requests",
    "roles",
    "search",
    "shop_blueprint",
    "tiers",
    "tokens",
    "vendors",
]
