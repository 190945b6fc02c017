"""Operations: the list, one operation while it runs and after, and deciding about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask import flash, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.context import current, current_platform, runtime
from console.errors import Conflict, ConsoleError, RuleRefused, Unknown, UsageError
from console.services import operations as service
from console.services import recovery
from console.services.operation_views import OperationView
from console.storage.uow import read_session, unit_of_work
from console.web import htmx
from console.web.admin import operation_list
from console.web.admin._blueprint import blueprint
from console.web.admin.modules import accepted, not_accepted
from console.web.admin.operation_page import OperationPage, operation_title
from console.web.admin.plan_about import About, about_undo
from console.web.admin.plan_views import plan_answer, refused
from console.web.admin.toasts import about_operation
from console.web.babel import gettext as _
from console.web.links import own_path

Answer = str | Response

DECISIONS: dict[str, Callable[..., OperationView]] = {
    "retry": recovery.retry,
    "keep": recovery.keep,
    "cancel": recovery.cancel,
}


@blueprint.get("/operations")
@requires_permission("operations.view")
def operations() -> Answer:
    """The platform's operations that the address asks for, newest first."""
    listing = operation_list.listing(read_session(), current_platform.id)
    html = render_template("admin/operations.html", listing=listing)
    return make_response(html, 422 if listing.fields.days.error else 200)


@blueprint.get("/operations/<int:operation_id>/row")
@requires_permission("operations.view")
def operation_row(operation_id: int) -> Answer:
    """One row of the list as it stands; once the operation has ended also the tabs that count it."""
    row = operation_list.page(_own(operation_id))
    if not htmx.is_partial():
        return htmx.redirect(row.url)
    tabs = () if row.moving else operation_list.tabs(read_session(), current_platform.id)
    return render_template("admin/_operation_row.html", row=row, tabs=tabs)


@blueprint.get("/operations/<int:operation_id>")
@requires_permission("operations.view")
def operation(operation_id: int) -> Answer:
    """One operation; while it runs the page asks for its own content again."""
    page = operation_list.page(service.with_log(read_session(), _own(operation_id)))
    if _is_overtaken(operation_id, page):
        ways = tuple(each for each in page.ways if each.name != "undo")
        told = page.explanation or _("A later operation changed its modules, so it cannot be undone any more.")
        page = replace(page, ways=ways, explanation=told)
    return render_template("admin/_operation.html" if htmx.is_partial() else "admin/operation.html", operation=page)


@blueprint.post("/operations/<int:operation_id>/<any(retry, keep, cancel):decision>")
@requires_permission("operations.manage")
def operation_decide(operation_id: int, decision: str) -> Answer:
    """Retry, keep or cancel an operation, from its own page or from a module's row."""
    before = _own(operation_id)
    rt = runtime()
    try:
        with unit_of_work() as uow:
            view = DECISIONS[decision](uow, rt, operation_id, actor=current().actor, now=rt.clock())
    except (Conflict, RuleRefused) as error:
        if htmx.is_partial():
            return not_accepted(error, {step.module for step in before.steps})
        return _show_refusal(operation_id, error)
    if htmx.is_partial():
        return accepted(view, set())
    if "back" not in request.form:
        return htmx.redirect(url_for("pages.operation", operation_id=operation_id))
    toast = about_operation(read_session(), view)
    flash(toast.text, toast.look)
    return htmx.redirect(own_path(request.form["back"]))


@blueprint.get("/operations/<int:operation_id>/undo")
@requires_permission("operations.manage")
def operation_undo(operation_id: int) -> Answer:
    """The plan of taking an operation back."""
    view = _own(operation_id)
    try:
        return plan_answer(recovery.undo_plan(read_session(), runtime(), operation_id), _about_undo(view))
    except (Conflict, RuleRefused) as error:
        return refused(error, _about_undo(view), before="")


@blueprint.post("/operations/<int:operation_id>/undo")
@requires_permission("operations.manage")
def operation_undo_accept(operation_id: int) -> Answer:
    """Take an operation back by exactly the plan that was shown."""
    view = _own(operation_id)
    rt = runtime()
    digest, shown = request.form.get("plan", ""), request.form.get("shown", "")
    try:
        with unit_of_work() as uow:
            undone = recovery.undo(uow, rt, operation_id, actor=current().actor, now=rt.clock(), digest=digest)
    except (Conflict, RuleRefused) as error:
        return refused(error, _about_undo(view), before=shown)
    if htmx.is_partial():
        return accepted(undone, {step.module for step in view.steps}, undoes=operation_id)
    return htmx.redirect(url_for("pages.operation", operation_id=operation_id if undone is None else undone.id))


@blueprint.post("/operations/<int:operation_id>/force/<int:position>")
@requires_permission("operations.manage")
def operation_force(operation_id: int, position: int) -> Answer:
    """End a failed step without its hook, with a reason."""
    _own(operation_id)
    rt = runtime()
    note = request.form.get("note", "")
    try:
        with unit_of_work() as uow:
            recovery.force(uow, rt, operation_id, str(position), note=note, actor=current().actor, now=rt.clock())
    except (Conflict, RuleRefused, UsageError) as error:
        return _show_refusal(operation_id, error)
    return htmx.redirect(url_for("pages.operation", operation_id=operation_id))


def _show_refusal(operation_id: int, error: ConsoleError) -> Answer:
    """The operation as it is now, with why nothing was done about it."""
    text = error.sentence
    page = operation_list.page(service.with_log(read_session(), _own(operation_id)))
    html = render_template("admin/operation.html", operation=page, toast_text=text, toast_look="error")
    return make_response(html, error.status)


def _about_undo(view: OperationView) -> About:
    return about_undo(view.id, operation_title(runtime().registry, view))


def _own(operation_id: int) -> OperationView:
    """The operation, when it is one of the current platform."""
    view = service.get(read_session(), operation_id)
    if view.platform_id != current_platform.id:
        raise Unknown("operation", str(operation_id))
    return view


def _is_overtaken(operation_id: int, page: OperationPage) -> bool:
    """Whether undoing, which the page would offer, could only be refused."""
    if not any(each.name == "undo" for each in page.ways):
        return False
    try:
        recovery.undo_plan(read_session(), runtime(), operation_id)
    except Conflict:
        return True
    except RuleRefused:
        return False  # a rule stands in the way; the plan's page says which, and what to do
    return False
