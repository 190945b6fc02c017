"""Tables: the module's own prefix, and a tenant on each."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Table

from console.domain.problem import Problem
from console.domain.registry import InstalledModule, Registry
from console.storage.base import Base
from console.storage.tenancy import PlatformOwned, VendorOwned


def tables_of(module: InstalledModule) -> dict[str, type[Base]]:
    """Table name → model of every table that the module's code declares."""
    found: dict[str, type[Base]] = {}
    for mapper in Base.registry.mappers:
        model = mapper.class_
        if model.__module__.startswith(f"{module.package}.") and isinstance(mapper.local_table, Table):
            found[mapper.local_table.name] = model
    return found


def check(registry: Registry, module: InstalledModule) -> Iterator[Problem]:
    """MOD050: a table outside the module's prefix. MOD051: a table without a tenant."""
    if module.definition is None:
        return
    prefix = f"{module.definition.label}_"
    for name, model in sorted(tables_of(module).items()):
        if not name.startswith(prefix):
            yield Problem("MOD050", module.code, f"the table {name!r} does not start with {prefix!r}", "Rename it.")
        if not issubclass(model, PlatformOwned | VendorOwned):
            hint = "Derive the model from PlatformOwned or VendorOwned."
            yield Problem("MOD051", module.code, f"the table {name!r} belongs to no tenant", hint)
