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
from console.services.audit import AuditView
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
RECENT = 8


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
    """Something to look at: where, what is wrong, and where to go.

    Args:
        code: The module's; None: it is about the audit.
        trouble: What is wrong, for programs.
    """

    code: str | None
    trouble: str
    module: str
    icon: str
    look: str
    word: str
    detail: str
    url: str
    platform: str | None = None
    platform_slug: str | None = None
    operation_id: int | None = None
    operation_url: str | None = None


@dataclass(frozen=True, slots=True)
class Glance:
    """The instance as its first page shows it.

    Args:
        attention: How many findings there are, shown or not.
    """

    lines: tuple[PlatformLine, ...]
    modules: int
    findings: tuple[FindingLine, ...]
    attention: int
    running: tuple[OperationView, ...]
    has_runner: bool
    changes: tuple[AuditView, ...]

    @property
    def vendors(self) -> int:
        """How many vendors all platforms have."""
        return sum(line.vendors for line in self.lines)

    @property
    def more(self) -> int:
        """How many findings are not shown."""
        return self.attention - len(self.findings)


@blueprint.get("/")
@requires_permission("instance.manage")
def overview() -> str | Response:
    """Platforms, what needs a look, what runs and what happened last; htmx follows what runs."""
    session = read_session()
    if htmx.is_partial():
        return render_template("instance/_running.html", running=operation_list.rows(_running(session)))
    found = glance(session, runtime(), findings=MOST, changes=RECENT)
    return render_template(
        "instance/overview.html",
        lines=found.lines,
        modules=found.modules,
        vendors=found.vendors,
        findings=found.findings,
        more=found.more,
        attention=found.attention,
        running=operation_list.rows(found.running),
        has_runner=found.has_runner,
        entries=audit_lines(found.changes, slugs=platforms.slug_by_id(session)),
    )


def glance(session: Session, rt: Runtime, *, findings: int, changes: int) -> Glance:
    """The instance at a glance, for its page and for programs.

    Args:
        findings: How many findings are shown.
        changes: How many changes are.
    """
    running, alive = _running(session), platforms.listing(session)
    troubles = _findings(session, rt, alive)
    found = [*_of_instance(session, rt), *_of_platforms(rt, alive, troubles)]
    return Glance(
        lines=tuple(_platform_lines(session, rt, alive, findings=troubles, running=running)),
        modules=len(rt.registry.modules()),
        findings=tuple(found[:findings]),
        attention=len(found),
        running=running,
        has_runner=jobs.alive(session, rt.clock()),
        changes=audit_search.changes(session, None, size=changes),
    )


def _running(session: Session) -> tuple[OperationView, ...]:
    """What is not at its end on any platform."""
    return operation_search.find(session, None, OperationQuery(states=tuple(OPEN_STATES)), size=MOST).rows


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
            yield _line(rt, module.code, "quarantined", module.quarantine, url=registry_url)
    for code, notice in schema.unavailable(session, rt.registry).items():
        yield _line(rt, code, "needs_migration", notice.message, url=migrations_url)
    for code, reason in rt.startup_failures.items():
        yield _line(rt, code, "startup_failed", reason, url=registry_url)
    if audit_verify.standing(session, None).findings:
        detail = _("The audit was changed from outside. `module-console audit verify` says what.")
        url = url_for("instance.audit")
        yield FindingLine(None, "audit_changed", _("Audit"), "shield-alert", "failed", _("Unhealthy"), detail, url)


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
        code=found.module,
        trouble=found.trouble.value,
        module=texts.module_name(rt.registry, found.module),
        icon=texts.module_icon(rt.registry, found.module),
        platform=platform.name,
        platform_slug=platform.slug,
        look="failed" if bad else "warn",
        word=trouble_text(found),
        detail=found.detail,
        url=url_for("pages.module", platform=platform.slug, code=found.module),
        operation_id=found.operation_id,
        operation_url=operation_url,
    )


def _line(rt: Runtime, code: str, trouble: str, detail: str, *, url: str) -> FindingLine:
    name, icon = texts.module_name(rt.registry, code), texts.module_icon(rt.registry, code)
    words = {
        "quarantined": _("Quarantined"),
        "needs_migration": _("Needs migration"),
        "startup_failed": _("Start-up failed"),
    }
    look = "failed" if trouble == "quarantined" else "warn"
    return FindingLine(code, trouble, name, icon, look, words[trouble], detail, url)


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
