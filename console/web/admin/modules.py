"""The module list and its rows."""

from __future__ import annotations

from flask import flash, make_response, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.context import current
from console.errors import ConsoleError
from console.services import vendors
from console.services.operation_views import OperationView
from console.storage.uow import read_session
from console.web import htmx
from console.web.admin._blueprint import blueprint
from console.web.admin.listing import counts, lines, listing
from console.web.admin.queries import Query
from console.web.admin.rows import line
from console.web.admin.sources import Sources, read_sources
from console.web.admin.toasts import Toast, about_operation, of_address, of_row
from console.web.babel import gettext as _
from console.web.links import parts_of

Answer = str | Response


@blueprint.get("/modules")
@requires_permission("modules.view")
def modules() -> Answer:
    """The module list; a search, a tab or a filter asks for the list alone."""
    session = read_session()
    src = read_sources(session)
    rows = lines(src)
    shown = listing(src, Query.of(request.args), rows)
    if htmx.is_partial():
        part = make_response(render_template("admin/_module_list.html", listing=shown))
        part.headers["HX-Replace-Url"] = shown.query.url()
        return part
    return render_template(
        "admin/modules.html",
        listing=shown,
        counts=counts(rows, vendors=vendor_count(session, src)),
        said=of_address(session, request.args.get("operation", type=int)),
    )


@blueprint.get("/modules/<code>/row")
@requires_permission("modules.view")
def module_row(code: str) -> Answer:
    """One row as it stands; once its module is at rest also everything that hangs on it, and how it ended."""
    session = read_session()
    src = read_sources(session)
    row = line(src, code)
    if not htmx.is_partial():
        return htmx.redirect(url_for("pages.modules"))
    if row.look == "busy":
        return changed_rows(session, src, {code})
    return changed_rows(session, src, related(src, {code}), toast=of_row(session, code))


@blueprint.get("/modules/<code>/menu")
@requires_permission("modules.view")
def module_menu(code: str) -> Answer:
    """What can be done with a module: its pages, its operations, its switch."""
    src = read_sources(read_session())
    template = "admin/_module_menu.html" if htmx.is_partial() else "admin/module_menu.html"
    return render_template(template, row=line(src, code), src=src)


def accepted(view: OperationView | None, codes: set[str], *, undoes: int | None = None) -> Answer:
    """The answer once an operation was accepted: for htmx what changed, or the same page anew; else the next page.

    Args:
        view: The operation; None when there was nothing to do.
        codes: The modules that were asked for.
        undoes: The operation that was taken back.
    """
    if htmx.is_partial():
        session = read_session()
        idle = Toast(_("There was nothing to do"), "info", replaces=undoes)
        toast = idle if view is None else about_operation(session, view)
        if _here() == url_for("pages.modules"):
            src = read_sources(session)
            moved = codes if view is None else {*codes, *(step.module for step in view.steps)}
            return changed_rows(session, src, related(src, moved), toast=toast, closes=True, afresh=len(codes) > 1)
        flash(toast.text, toast.look)
        return htmx.redirect(_here())
    if view is not None and view.is_open:
        return htmx.redirect(url_for("pages.operation", operation_id=view.id))
    return htmx.redirect(url_for("pages.modules", operation=None if view is None else view.id))


def not_accepted(error: ConsoleError, codes: set[str]) -> Answer:
    """The answer to htmx when a row's decision was refused: why, and on the list how its modules stand by now."""
    if _here() != url_for("pages.modules"):
        return htmx.toast(error.sentence, status=error.status, look="error")
    session = read_session()
    src = read_sources(session)
    html = changed_rows(session, src, related(src, codes), toast=Toast(error.sentence, "error"))
    return make_response(html, error.status)


def _here() -> str:
    """The path of the platform's page that htmx asks from; the list, where the rows stand, when it says none."""
    path = parts_of(request.headers.get("HX-Current-URL")).path
    return path if path.startswith(url_for("pages.overview")) else url_for("pages.modules")


def changed_rows(
    session: Session,
    src: Sources,
    codes: set[str],
    *,
    toast: Toast | None = None,
    closes: bool = False,
    afresh: bool = False,
) -> Answer:
    """The partial answer after a switch: rows, counters, tabs, menu and a sentence.

    Args:
        codes: The modules whose rows are sent.
        toast: What is said in the corner.
        closes: Whether the plan's dialog closes.
        afresh: Whether the rows lose what people did to them, their selection.
    """
    current().look_at(src.snapshot, src.now)
    rows = lines(src)
    query = Query.of_url(request.headers.get("HX-Current-URL", ""))
    return render_template(
        "admin/_changed.html",
        rows=[row for row in rows if row.code in codes],
        listing=listing(src, query, rows),
        counts=counts(rows, vendors=vendor_count(session, src)),
        said=toast,
        close_dialog=closes,
        afresh=afresh,
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
