"""The modules of one platform as lists and documents show them.

Source: the contract, section 3, ``list`` and ``show``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.health import UNKNOWN
from console.domain.plan_types import OFF, ModuleStatus
from console.domain.registry import InstalledModule
from console.domain.words import HealthStatus, Kind
from console.services import health, plans, snapshots
from console.services.runtime import Runtime
from console.storage.tables import MigrationLedger, Platform

_MISSING = "its package is not installed; its tables, rows and settings are kept"


@dataclass(frozen=True, slots=True)
class ModuleView:
    """One installed module on one platform.

    Args:
        status: Its row: wanted, origin, state.
        is_open: Whether its gate is open.
        health: The last report that counts here.
        problems: What is wrong with it here: quarantine, migrations, configuration, badges; one sentence each.
        is_missing: Whether its package left the disk; what it stored is kept.
    """

    module: InstalledModule
    status: ModuleStatus
    is_open: bool
    health: HealthStatus
    requires: tuple[str, ...]
    required_by: tuple[str, ...]
    problems: tuple[str, ...]
    is_missing: bool = False

    @property
    def kind(self) -> Kind:
        """What the module is to an admin; one without a definition counts as optional."""
        return Kind.OPTIONAL if self.module.definition is None else self.module.definition.kind


def listing(session: Session, rt: Runtime, platform_id: int) -> list[ModuleView]:
    """Every installed module in dependency order.

    Raises:
        Unknown: There is no such platform.
    """
    snapshot = snapshots.current(session, rt, platform_id)
    reports = health.latest(session, platform_id)
    found = []
    for module in rt.registry.modules():
        report = reports.get(module.code)
        config = snapshot.config.get(module.code)
        problems = _problems(rt, module)
        if config is not None:
            problems += [f"needs config: {key}: {why}" for key, why in config.problems.items()]
        found.append(
            ModuleView(
                module=module,
                status=snapshot.rows.get(module.code, OFF),
                is_open=snapshot.is_open(module.code),
                health=report.status if report is not None else UNKNOWN.status,
                requires=tuple(sorted(rt.registry.requires(module.code))),
                required_by=tuple(sorted(rt.registry.dependents(module.code))),
                problems=tuple(problems),
            )
        )
    return found


def one(session: Session, rt: Runtime, platform_id: int, code: str) -> ModuleView:
    """One module, installed or missing.

    Raises:
        Unknown: There is no such platform or module.
    """
    if code not in rt.registry:
        found = next((view for view in missing(session, rt, platform_id) if view.module.code == code), None)
        if found is not None:
            return found
    module = rt.registry[code]
    return next(view for view in listing(session, rt, platform_id) if view.module is module)


def missing(session: Session, rt: Runtime, platform_id: int) -> list[ModuleView]:
    """The modules whose package left the disk while the platform, or a table of theirs, remembers them; by code.

    Raises:
        Unknown: There is no such platform.
    """
    rows = snapshots.current(session, rt, platform_id).rows
    migrated = session.scalars(select(MigrationLedger.module).where(MigrationLedger.module.is_not(None)).distinct())
    return [
        ModuleView(
            module=InstalledModule(code, None, package="", path=Path(), source="package", quarantine=_MISSING),
            status=rows.get(code, OFF),
            is_open=False,
            health=UNKNOWN.status,
            requires=(),
            required_by=(),
            problems=(_MISSING,),
            is_missing=True,
        )
        for code in sorted({*rows, *filter(None, migrated)})
        if code not in rt.registry
    ]


def _problems(rt: Runtime, module: InstalledModule) -> list[str]:
    found = [problem.text for problem in module.problems]
    if module.quarantine is not None and module.quarantine not in found:
        found.append(module.quarantine)
    if module.code in rt.unavailable:
        found.append(rt.unavailable[module.code].message)
    if module.code in rt.startup_failures:
        found.append(rt.startup_failures[module.code])
    return found


def as_json(session: Session, platform_id: int, views: list[ModuleView]) -> dict[str, object]:
    """The document of ``list``."""
    head = session.execute(select(Platform.slug, Platform.revision).where(Platform.id == platform_id)).one()
    return {
        "schema": 1,
        "platform": head.slug,
        "revision": head.revision,
        "modules": [view_json(view) for view in views],
    }


def view_json(view: ModuleView) -> dict[str, object]:
    """One module, as it stands in documents."""
    return {
        "code": view.module.code,
        "name": view.module.name,
        "version": view.module.version,
        "kind": view.kind.value,
        "wanted": view.status.wanted,
        "state": view.status.state.value,
        "origin": None if view.status.origin is None else view.status.origin.value,
        "open": view.is_open,
        "missing": view.is_missing,
        "requires": list(view.requires),
        "required_by": list(view.required_by),
        "health": view.health.value,
        "problems": list(view.problems),
    }


def details_json(session: Session, rt: Runtime, platform_id: int, view: ModuleView) -> dict[str, object]:
    """One module with all that its definition says and what of it is effective on the platform."""
    definition = view.module.definition
    snapshot = snapshots.current(session, rt, platform_id)
    features = [] if definition is None else [str(feature) for feature in definition.features]
    return {
        **view_json(view),
        "description": "" if definition is None else definition.description,
        "source": view.module.source,
        "package": view.module.package,
        "tags": [] if definition is None else list(definition.tags),
        "after": [] if definition is None else list(definition.after),
        "conflicts": [] if definition is None else list(definition.conflicts),
        "features": [{"code": code, "on": code in snapshot.features} for code in features],
        "menus": [
            {"id": entry.id, "frontend": entry.frontend.value, "label": str(entry.label), "endpoint": entry.endpoint}
            for entry in view.module.entries
        ],
        "permissions": [] if definition is None else [str(each) for each in definition.permissions],
        "hooks": [] if definition is None else [name for name in HOOKS if getattr(definition, name) is not None],
        "tables": [table.name for table in plans.tables_of(rt.registry, view.module.code)],
    }


HOOKS = ("on_enable", "on_disable", "on_startup", "health_check")
