"""A module's page: overview, history and health."""

from __future__ import annotations

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.context import current_platform, runtime
from console.services import audit, configs, health, why
from console.services.health import HealthView
from console.services.runtime import Message
from console.storage.uow import read_session, unit_of_work
from console.web import htmx
from console.web.admin._blueprint import blueprint
from console.web.admin.audit import audit_lines
from console.web.admin.module_page import module_facts, module_tabs
from console.web.admin.rows import line
from console.web.admin.sources import read_sources

Answer = str | Response


@blueprint.get("/modules/<code>")
@requires_permission("modules.view")
def module(code: str) -> Answer:
    """What the module is, how it stands, why, and what it brings."""
    session = read_session()
    src = read_sources(session)
    return render_template(
        "admin/module.html",
        row=line(src, code),
        tabs=module_tabs(src, code, here="overview"),
        facts=module_facts(src, src.registry[code]),
        why=why.explain(session, runtime(), current_platform.id, code, None),
    )


@blueprint.get("/modules/<code>/history")
@requires_permission("modules.view")
def module_history(code: str) -> Answer:
    """Who switched and configured the module, newest first."""
    session = read_session()
    src = read_sources(session)
    return render_template(
        "admin/module_history.html",
        row=line(src, code),
        tabs=module_tabs(src, code, here="history"),
        entries=audit_lines(audit.listing(session, current_platform.id, target=code, limit=50)),
        revisions=configs.history(session, current_platform.id, code),
        may_restore=src.may_configure,
    )


@blueprint.get("/modules/<code>/health")
@requires_permission("health.view")
def module_health(code: str) -> Answer:
    """The last health report; after a request for a new one the page looks again until it is there."""
    session = read_session()
    src = read_sources(session)
    report = health.latest(session, current_platform.id).get(code)
    since = request.args.get("since", "")
    waiting = bool(since) and not _is_newer(report, since)
    return render_template(
        "admin/_module_health.html" if htmx.is_partial() else "admin/module_health.html",
        row=line(src, code),
        tabs=module_tabs(src, code, here="health"),
        report=report,
        since=since,
        waiting=waiting,
        checked=getattr(src.registry[code].definition, "health_check", None) is not None,
    )


def _is_newer(report: HealthView | None, since: str) -> bool:
    return report is not None and report.checked_at is not None and report.checked_at.isoformat() > since


@blueprint.post("/modules/<code>/health")
@requires_permission("health.run")
def module_health_run(code: str) -> Answer:
    """Ask a runner for a new report now."""
    rt = runtime()
    rt.registry[code]
    with unit_of_work() as uow:
        rt.messenger.send(uow.session, Message("health", name=code))
    return htmx.redirect(url_for("pages.module_health", code=code, since=rt.clock().isoformat()))
