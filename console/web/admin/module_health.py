"""The health of one module: its last report, and asking for a new one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console import jobs
from console.blueprint import requires_permission
from console.context import current_platform, runtime
from console.services import health
from console.services.health import HealthView
from console.storage.uow import read_session, unit_of_work
from console.web import htmx
from console.web.admin._blueprint import blueprint
from console.web.admin.module_page import module_tabs
from console.web.admin.rows import line
from console.web.admin.sources import Sources, read_sources

Answer = str | Response
PATIENCE = timedelta(seconds=30)
"""How long beyond the check's deadline the page goes on asking."""


@dataclass(frozen=True, slots=True)
class Checkup:
    """How the page stands to a new report.

    Args:
        declared: Whether the module has a health check.
        open: Whether it is on here, so that it is checked.
        alive: Whether a runner could check it now.
        asked_at: When somebody asked for a report on this page.
        waiting: Whether the page asks again by itself.
        late: Whether the report that was asked for is not there, and the page has stopped asking.
    """

    declared: bool
    open: bool
    alive: bool
    asked_at: datetime | None
    waiting: bool
    late: bool


@blueprint.get("/modules/<code>/health")
@requires_permission("health.view")
def module_health(code: str) -> Answer:
    """The last health report; after a request for a new one the page looks again until it is there."""
    session = read_session()
    src = read_sources(session)
    row = line(src, code)
    report = src.reports.get(code)
    return render_template(
        "admin/_module_health.html" if htmx.is_partial() else "admin/module_health.html",
        row=row,
        tabs=module_tabs(src, code, here="health"),
        report=report,
        checkup=_checkup(session, src, code, report),
    )


@blueprint.post("/modules/<code>/health")
@requires_permission("health.run")
def module_health_run(code: str) -> Answer:
    """Ask a runner for a new report now."""
    rt = runtime()
    with unit_of_work() as uow:
        health.ask(uow, rt, current_platform.id, code)
    return htmx.redirect(url_for("pages.module_health", code=code, since=rt.clock().isoformat()))


def _checkup(session: Session, src: Sources, code: str, report: HealthView | None) -> Checkup:
    definition = src.registry[code].definition
    asked_at = _moment(request.args.get("since", ""))
    missing = asked_at is not None and not _is_newer(report, asked_at)
    alive = jobs.alive(session, src.now)
    patience = timedelta(seconds=runtime().settings.health_timeout_s) + PATIENCE
    waiting = asked_at is not None and missing and alive and src.now - asked_at < patience
    return Checkup(
        declared=definition is not None and definition.health_check is not None,
        open=src.snapshot.is_open(code),
        alive=alive,
        asked_at=asked_at,
        waiting=waiting,
        late=missing and not waiting,
    )


def _is_newer(report: HealthView | None, asked_at: datetime) -> bool:
    return report is not None and report.checked_at is not None and report.checked_at >= asked_at


def _moment(text: str) -> datetime | None:
    """The time that the page itself wrote into its address; None for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
