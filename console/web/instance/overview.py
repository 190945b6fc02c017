"""The first page of the instance: its platforms, what needs a look on any of them, what runs and what happened last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console import jobs
from console.blueprint import requires_permission
from console.context import runtime
from console.domain.words import OPEN_STATES
from console.services import attention, audit_search, audit_verify, operation_search, platforms, schema, vendors
from console.services.attention import Finding, Trouble
from console.services.operation_search import OperationQuery
from console.services.operation_views import OperationView
from console.services.runtime import Runtime
from console.storage.tables import Platform
from console.storage.uow import read_session
from console.web import htmx
from console.web.admin import operation_list, texts
from console.web.admin.audit_list import audit_lines
from console.web.babel import gettext as _
from console.web.instance._blueprint import blueprint

MOST = 30
"""Findings and operations that are shown; what is more is counted."""


@dataclass(frozen=True, slots=True)
class PlatformLine:
    """A platform with what counts on it."""

    slug: str
    name: str
    url: str
    on: int
    vendors: int
    attention: int
    running: int


@dataclass(frozen=True, slots=True)
class FindingLine:
    """Something to look at: where, what is wrong, and where to go."""

    module: str
    icon: str
    platform: str | None
    look: str
    word: str
    detail: str
    url: str
    operation_url: str | None


@blueprint.get("/")
@requires_permission("instance.manage")
def overview() -> str | Response:
    """Platforms, what needs a look, what runs and what happened last; htmx follows what runs."""
    session = read_session()
    rt = runtime()
    found = operation_search.find(session, None, OperationQuery(states=tuple(OPEN_STATES)), size=MOST)
    if htmx.is_partial():
        return render_template("instance/_running.html", running=operation_list.rows(found.rows))
    alive = platforms.listing(session)
    findings = _findings(session, rt, alive)
    lines = list(_platform_lines(session, rt, alive, findings=findings, running=found.rows))
    shown = [*_of_instance(session, rt), *_of_platforms(rt, alive, findings)]
    return render_template(
        "instance/overview.html",
        lines=lines,
        modules=len(rt.registry.modules()),
        vendors=sum(line.vendors for line in lines),
        findings=shown[:MOST],
        more=len(shown) - MOST,
        attention=len(shown),
        running=operation_list.rows(found.rows),
        has_runner=jobs.alive(session, rt.clock()),
        entries=audit_lines(audit_search.changes(session, None, size=8), slugs=platforms.slug_by_id(session)),
    )


def _findings(session: Session, rt: Runtime, alive: list[Platform]) -> dict[int, list[Finding]]:
    """Platform id → what needs a look there; two statements for all of them once their snapshots are known."""
    reports, failures = attention.reports(session), attention.failures(session)
    snapshots = [rt.snapshots.get(session, rt, each.id, each.revision) for each in alive]
    return {each.platform_id: attention.of_platform(rt, each, reports=reports, failures=failures) for each in snapshots}


def _platform_lines(
    session: Session,
    rt: Runtime,
    alive: list[Platform],
    *,
    findings: Mapping[int, list[Finding]],
    running: tuple[OperationView, ...],
) -> Iterator[PlatformLine]:
    counted = vendors.counts(session)
    for each in alive:
        yield PlatformLine(
            slug=each.slug,
            name=each.name,
            url=url_for("pages.overview", platform=each.slug),
            on=len(rt.snapshots.get(session, rt, each.id, each.revision).open),
            vendors=counted.get(each.id, 0),
            attention=len(findings[each.id]),
            running=sum(view.platform_id == each.id for view in running),
        )


def _of_instance(session: Session, rt: Runtime) -> Iterator[FindingLine]:
    """What is wrong with the installation itself, whatever is on: said once, not for each platform."""
    registry_url, migrations_url = url_for("instance.modules"), url_for("instance.migrations")
    for module in rt.registry.modules():
        if module.quarantine is not None:
            yield _line(rt, module.code, _("Quarantined"), module.quarantine, look="failed", url=registry_url)
    for code, notice in schema.unavailable(session, rt.registry).items():
        yield _line(rt, code, _("Needs migration"), notice.message, look="warn", url=migrations_url)
    for code, reason in rt.startup_failures.items():
        yield _line(rt, code, _("Start-up failed"), reason, look="warn", url=registry_url)
    if audit_verify.standing(session, None).findings:
        detail = _("The audit was changed from outside. `module-console audit verify` says what.")
        url = url_for("instance.audit")
        yield FindingLine(_("Audit"), "shield-alert", None, "failed", _("Unhealthy"), detail, url, None)


def _of_platforms(rt: Runtime, alive: list[Platform], findings: Mapping[int, list[Finding]]) -> Iterator[FindingLine]:
    said_once = (Trouble.QUARANTINED, Trouble.CANNOT_RUN)
    for platform in alive:
        for found in findings[platform.id]:
            if found.trouble not in said_once:
                yield _of_platform(rt, platform, found)


def _of_platform(rt: Runtime, platform: Platform, found: Finding) -> FindingLine:
    operation_url = None
    if found.operation_id is not None:
        operation_url = url_for("pages.operation", platform=platform.slug, operation_id=found.operation_id)
    bad = found.trouble in (Trouble.FAILED, Trouble.UNHEALTHY)
    return FindingLine(
        module=texts.module_name(rt.registry, found.module),
        icon=texts.module_icon(rt.registry, found.module),
        platform=platform.name,
        look="failed" if bad else "warn",
        word=trouble_text(found),
        detail=found.detail,
        url=url_for("pages.module", platform=platform.slug, code=found.module),
        operation_url=operation_url,
    )


def _line(rt: Runtime, code: str, word: str, detail: str, *, look: str, url: str) -> FindingLine:
    name, icon = texts.module_name(rt.registry, code), texts.module_icon(rt.registry, code)
    return FindingLine(name, icon, None, look, word, detail, url, None)


def trouble_text(found: Finding) -> str:
    """What is wrong, in the words of the module list."""
    return {
        Trouble.QUARANTINED: _("Quarantined"),
        Trouble.FAILED: _("Enabling failed") if found.wanted else _("Off, clean-up failed"),
        Trouble.CANNOT_RUN: _("On, but cannot run"),
        Trouble.NEEDS_CONFIG: _("On, needs configuration"),
        Trouble.WAITING: _("On, waiting") if found.wanted else _("Off, clean-up pending"),
        Trouble.UNHEALTHY: _("Unhealthy"),
        Trouble.DEGRADED: _("Degraded"),
    }[found.trouble]
