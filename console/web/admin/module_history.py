"""The history of a module: every saved configuration and every audit entry, with what was before and after."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.context import current_platform
from console.errors import Unknown
from console.services import audit
from console.services.audit import AuditView
from console.storage.uow import read_session
from console.toolbox import may
from console.web.admin._blueprint import blueprint
from console.web.admin.audit import AuditLine, audit_lines
from console.web.admin.changes import Change, changes_of
from console.web.admin.config_desk import Desk, open_desk
from console.web.admin.config_history import revision_page
from console.web.admin.config_words import Difference, recorded
from console.web.admin.module_page import module_tabs
from console.web.admin.rows import line
from console.web.admin.sources import read_sources

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Happening:
    """An audit entry with its changes; those of the configuration in the words of its form."""

    line: AuditLine
    changes: tuple[Change, ...] = ()
    settings: tuple[Difference, ...] = ()


@blueprint.get("/modules/<code>/history")
@requires_permission("modules.view")
def module_history(code: str) -> str | Response:
    """Who switched and configured the module, newest first; the audit for those who may read it."""
    session = read_session()
    src = read_sources(session)
    desk = _desk(code)
    entries, older = [], None
    if may("audit.view"):
        before = request.args.get("before", type=int)
        entries = audit.listing(session, current_platform.id, target=code, limit=PAGE_SIZE + 1, before=before)
        if len(entries) > PAGE_SIZE:
            older = url_for("pages.module_history", code=code, before=entries[PAGE_SIZE - 1].id)
    entries = entries[:PAGE_SIZE]
    happenings = [_happening(desk, entry, told) for entry, told in zip(entries, audit_lines(entries), strict=True)]
    return render_template(
        "admin/module_history.html",
        row=line(src, code),
        tabs=module_tabs(src, code, here="history"),
        happenings=happenings,
        revisions=None if desk is None else revision_page(desk, before=request.args.get("revision", type=int)),
        may_restore=src.may_configure,
        older_url=older,
    )


def _desk(code: str) -> Desk | None:
    """What its configuration is read with; None when it has nothing to configure."""
    try:
        return open_desk(code)
    except Unknown as error:
        if error.kind != "configuration":
            raise
        return None


def _happening(desk: Desk | None, entry: AuditView, told: AuditLine) -> Happening:
    if desk is None or not entry.action.startswith("config."):
        return Happening(told, changes_of(entry.before, entry.after))
    before, after = entry.before or {}, entry.after or {}
    sides = {key: {"before": before.get(key), "after": after.get(key)} for key in (*before, *after)}
    return Happening(told, settings=recorded(desk, sides))
