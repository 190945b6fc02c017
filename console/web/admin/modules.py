"""The module list and its rows."""

from __future__ import annotations

from flask import render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.context import current, runtime
from console.domain.words import Action
from console.errors import Unknown
from console.services import operations, vendors
from console.services.operation_views import OperationView
from console.storage.uow import read_session
from console.web import htmx
from console.web.admin import texts
from console.web.admin._blueprint import blueprint
from console.web.admin.listing import Query, counts, lines, listing
from console.web.admin.rows import line
from console.web.admin.sources import Sources, read_sources
from console.web.babel import gettext as _

Answer = str | Response


@blueprint.get("/modules")
@requires_permission("modules.view")
def modules() -> Answer:
    """The module list; a search or a tab asks for the list alone."""
    session = read_session()
    src = read_sources(session)
    rows = lines(src)
    shown = listing(src, Query.of(request.args.get("q", ""), request.args.get("show", "all")), rows)
    if htmx.is_partial():
        return render_template("admin/_module_list.html", listing=shown)
    return render_template(
        "admin/modules.html",
        listing=shown,
        counts=counts(rows, vendors=vendor_count(session, src)),
        toast_text=_done_text(session, request.args.get("operation", type=int)),
    )


@blueprint.get("/modules/<code>/row")
@requires_permission("modules.view")
def module_row(code: str) -> Answer:
    """One row as it stands; once its module is at rest also everything that hangs on it."""
    session = read_session()
    src = read_sources(session)
    busy = line(src, code).look == "busy"
    return changed_rows(session, src, {code} if busy else related(src, {code}))


def changed_rows(session: Session, src: Sources, codes: set[str], *, message: str = "", closes: bool = False) -> Answer:
    """The partial answer after a switch: rows, counters, tabs, menu and a sentence.

    Args:
        codes: The modules whose rows are sent.
        closes: Whether the plan's dialog closes.
    """
    current().snapshot = src.snapshot
    rows = lines(src)
    query = Query.of_url(request.headers.get("HX-Current-URL", ""))
    return render_template(
        "admin/_changed.html",
        rows=[row for row in rows if row.code in codes],
        listing=listing(src, query, rows),
        counts=counts(rows, vendors=vendor_count(session, src)),
        message=message,
        close_dialog=closes,
    )


def related(src: Sources, codes: set[str]) -> set[str]:
    """``codes`` with everything whose row or switch depends on them."""
    near = (
        src.registry.closure(code) | src.registry.dependents_closure(code) for code in codes if code in src.registry
    )
    return codes.union(*near)


def vendor_count(session: Session, src: Sources) -> int:
    """How many vendors the platform has."""
    return vendors.count(session, src.snapshot.platform_id)


def done_text(view: OperationView) -> str:
    """One sentence about an accepted operation, for the toast."""
    asked = [step for step in view.steps if step.reason == "requested"] or list(view.steps)
    names = ", ".join(texts.module_name(runtime().registry, step.module) for step in asked)
    turned_on = asked[0].action is not Action.DISABLE
    others = len(view.steps) - len(asked)
    if view.is_open:
        sentence = _("Enabling %(modules)s", modules=names) if turned_on else _("Disabling %(modules)s", modules=names)
    else:
        sentence = _("%(modules)s is on", modules=names) if turned_on else _("%(modules)s is off", modules=names)
    return _("%(sentence)s, and %(count)s more", sentence=sentence, count=others) if others else sentence


def _done_text(session: Session, operation_id: int | None) -> str:
    """The toast after a redirect; only for an operation of this platform, and never text from the URL."""
    if operation_id is None:
        return ""
    try:
        view = operations.get(session, operation_id)
    except Unknown:
        return ""
    scope = current()
    return done_text(view) if scope.platform is not None and view.platform_id == scope.platform.id else ""
