"""The history of a module: every saved configuration and every audit entry, with what was before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.context import current_platform
from console.services import audit, configs
from console.services.configs import RevisionView
from console.storage.uow import read_session
from console.toolbox import may
from console.web.admin._blueprint import blueprint
from console.web.admin.audit import AuditLine, audit_lines
from console.web.admin.changes import Change, changes_of, shown
from console.web.admin.module_page import module_tabs
from console.web.admin.rows import line
from console.web.admin.sources import read_sources

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Happening:
    """An audit entry with its changes."""

    line: AuditLine
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """A saved configuration with its changes."""

    view: RevisionView
    changes: tuple[Change, ...]


@blueprint.get("/modules/<code>/history")
@requires_permission("modules.view")
def module_history(code: str) -> str | Response:
    """Who switched and configured the module, newest first; the audit for those who may read it."""
    session = read_session()
    src = read_sources(session)
    src.registry[code]
    entries, older = [], None
    if may("audit.view"):
        before = request.args.get("before", type=int)
        entries = audit.listing(session, current_platform.id, target=code, limit=PAGE_SIZE + 1, before=before)
        if len(entries) > PAGE_SIZE:
            older = url_for("pages.module_history", code=code, before=entries[PAGE_SIZE - 1].id)
    entries = entries[:PAGE_SIZE]
    happenings = [
        Happening(told, changes_of(entry.before, entry.after))
        for entry, told in zip(entries, audit_lines(entries), strict=True)
    ]
    return render_template(
        "admin/module_history.html",
        row=line(src, code),
        tabs=module_tabs(src, code, here="history"),
        happenings=happenings,
        revisions=[
            Revision(each, tuple(_changes(each.diff))) for each in configs.history(session, current_platform.id, code)
        ],
        may_restore=src.may_configure,
        older_url=older,
    )


def _changes(diff: Mapping[str, object]) -> list[Change]:
    """The sides of a stored difference; a value that was not set before has no side there."""
    found = []
    for name, sides in diff.items():
        if isinstance(sides, Mapping):
            found.append(Change(name, shown(sides.get("before")), shown(sides.get("after"))))
    return found
