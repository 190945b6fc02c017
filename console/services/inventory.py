"""The modules of a platform as lists and documents show them. Source: the contract, section 3, ``list``."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from console.domain.plan_types import OFF
from console.domain.registry import InstalledModule
from console.domain.snapshot import Snapshot
from console.domain.words import HealthStatus
from console.services import configs, health
from console.services.health import HealthView
from console.services.runtime import Runtime


def kind_of(module: InstalledModule) -> str:
    """The kind of a module; one without a readable definition counts as optional."""
    return "optional" if module.definition is None else module.definition.kind.value


def line_json(rt: Runtime, snapshot: Snapshot, code: str, *, reports: Mapping[str, HealthView]) -> dict[str, object]:
    """One module of the ``list`` document."""
    module = rt.registry[code]
    status = snapshot.rows.get(code, OFF)
    notice = rt.unavailable.get(code)
    report = reports.get(code)
    problems = [str(problem) for problem in module.problems] + ([notice.message] if notice is not None else [])
    return {
        "code": code,
        "name": module.name,
        "version": module.version,
        "kind": kind_of(module),
        "wanted": status.wanted,
        "state": status.state.value,
        "origin": None if status.origin is None else status.origin.value,
        "on": snapshot.is_open(code),
        "requires": sorted(rt.registry.requires(code)),
        "required_by": sorted(rt.registry.dependents(code)),
        "health": HealthStatus.UNKNOWN.value if report is None else report.status.value,
        "problems": problems,
    }


def list_json(session: Session, rt: Runtime, snapshot: Snapshot) -> dict[str, object]:
    """The ``list`` document of a platform, every installed module in dependency order."""
    reports = health.latest(session, snapshot.platform_id)
    return {
        "schema": 1,
        "platform": snapshot.slug,
        "revision": snapshot.revision,
        "modules": [line_json(rt, snapshot, code, reports=reports) for code in rt.registry],
    }


def show_json(session: Session, rt: Runtime, snapshot: Snapshot, code: str) -> dict[str, object]:
    """One module with what it declares, its features and menu items that are on, and its last health report.

    Raises:
        Unknown: No such module is installed.
    """
    module = rt.registry[code]
    reports = health.latest(session, snapshot.platform_id)
    definition = module.definition
    report = reports.get(code)
    shown = {
        "description": "" if definition is None else definition.description,
        "features": {} if definition is None else {each: each in snapshot.features for each in definition.features},
        "permissions": [] if definition is None else list(definition.permissions),
        "menus": {
            frontend.value: [entry.id for entry in entries if entry.module == code]
            for frontend, entries in snapshot.menus.items()
        },
        "quarantine": module.quarantine,
        "config_revision": configs.revision_of(session, snapshot.platform_id, code),
        "health_report": None if report is None else health.view_json(report),
    }
    line = line_json(rt, snapshot, code, reports=reports)
    return {"schema": 1, "platform": snapshot.slug, "revision": snapshot.revision, "module": line | shown}
