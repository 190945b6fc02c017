"""The last report of each module's health check, one for all platforms unless the module says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.health import UNKNOWN, Report
from console.domain.sentences import recall
from console.domain.words import HealthStatus
from console.errors import RuleRefused
from console.phrases import say
from console.services import snapshots
from console.services.operation_views import time_json
from console.services.runtime import Message, Runtime
from console.services.upsert import upsert
from console.storage.tables import HealthReport
from console.storage.uow import UnitOfWork

SHARED = 0
"""The ``platform_id`` of a report that all platforms share."""


@dataclass(frozen=True, slots=True)
class HealthView:
    """The last report of one module; ``checked_at`` is None when no check has run."""

    code: str
    status: HealthStatus
    message: str
    details: Mapping[str, object]
    checked_at: datetime | None


def store(uow: UnitOfWork, code: str, report: Report, *, now: datetime, platform_id: int = SHARED) -> None:
    """Keep ``report`` as the last one of the module; the one before is forgotten."""
    values = {
        "module": code,
        "platform_id": platform_id,
        "status": report.status,
        "message": report.message,
        "details": dict(report.details),
        "checked_at": now,
    }
    upsert(uow, HealthReport, values, key=["module", "platform_id"])


def ask(uow: UnitOfWork, rt: Runtime, platform_id: int, code: str) -> None:
    """Have a runner check the module now, if this transaction commits; its report then is the last one.

    Raises:
        Unknown: There is no such module.
        RuleRefused: ``not_checked``: it declares no health check, or it is not on here.
    """
    definition = rt.registry[code].definition
    if definition is None or definition.health_check is None:
        text = say("The module %(module)s has no health check.", module=repr(code))
        raise RuleRefused(text, code="not_checked")
    if not snapshots.current(uow.session, rt, platform_id).is_open(code):
        text = say("The module %(module)s is off here, and only what is on is checked.", module=repr(code))
        raise RuleRefused(text, code="not_checked")
    own = platform_id if definition.health_scope == "platform" else SHARED
    rt.messenger.send(uow.session, Message("health", own, code))


def latest(session: Session, platform_id: int | None = None) -> dict[str, HealthView]:
    """Code → last report; a report of the platform itself wins over the one that all share."""
    of = (SHARED,) if platform_id is None else (SHARED, platform_id)
    found = select(HealthReport).where(HealthReport.platform_id.in_(of)).order_by(HealthReport.platform_id)
    rows = session.scalars(found.execution_options(populate_existing=True))
    return {
        row.module: HealthView(row.module, row.status, recall(row.message), row.details, row.checked_at) for row in rows
    }


def listing(session: Session, rt: Runtime, platform_id: int | None = None) -> list[HealthView]:
    """One view for each live module in dependency order, ``unknown`` where nothing was reported.

    With a platform only the modules that are open there: the gate holds for health reports too.
    """
    reports = latest(session, platform_id)
    shown = [definition.code for definition in rt.registry.live()]
    if platform_id is not None:
        snapshot = snapshots.current(session, rt, platform_id)
        shown = [code for code in shown if snapshot.is_open(code)]
    return [reports.get(code) or HealthView(code, UNKNOWN.status, "", {}, None) for code in shown]


def as_json(views: list[HealthView]) -> dict[str, object]:
    """The document of ``health``."""
    return {"schema": 1, "modules": [view_json(view) for view in views]}


def view_json(view: HealthView) -> dict[str, object]:
    """One report, as it stands in documents."""
    return {
        "code": view.code,
        "status": view.status.value,
        "message": view.message,
        "details": dict(view.details),
        "checked_at": time_json(view.checked_at),
    }
