"""Switching a module: GET shows the plan, POST accepts exactly that plan."""

from __future__ import annotations

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.context import current, current_platform, runtime
from console.domain.plan_types import Plan
from console.errors import Conflict, ConsoleError, RuleRefused, UsageError
from console.services import operations, plans
from console.services.operation_views import OperationView
from console.storage.uow import read_session, unit_of_work
from console.web import htmx
from console.web.admin._blueprint import blueprint
from console.web.admin.modules import changed_rows, done_text, related
from console.web.admin.plan_page import about_module, plan_page, request_of
from console.web.admin.sources import read_sources
from console.web.babel import gettext as _

Answer = str | Response


@blueprint.get("/modules/<code>/enable")
@requires_permission("modules.toggle")
def module_enable(code: str) -> Answer:
    """The plan of switching ``code`` on."""
    return _show_plan(code, turn_on=True)


@blueprint.get("/modules/<code>/disable")
@requires_permission("modules.toggle")
def module_disable(code: str) -> Answer:
    """The plan of switching ``code`` off."""
    return _show_plan(code, turn_on=False)


@blueprint.post("/modules/<code>/enable")
@requires_permission("modules.toggle")
def module_enable_accept(code: str) -> Answer:
    """Accept the plan of switching ``code`` on."""
    return _accept(code, turn_on=True)


@blueprint.post("/modules/<code>/disable")
@requires_permission("modules.toggle")
def module_disable_accept(code: str) -> Answer:
    """Accept the plan of switching ``code`` off."""
    return _accept(code, turn_on=False)


def _show_plan(code: str, *, turn_on: bool) -> Answer:
    runtime().registry[code]
    request_made = request_of(code, turn_on=turn_on, prune="prune" in request.args)
    plan = plans.preview(read_session(), runtime(), current_platform.id, request_made)
    return _plan_answer(plan, code)


def _accept(code: str, *, turn_on: bool) -> Answer:
    rt = runtime()
    rt.registry[code]
    if request.form.get("want", "on" if turn_on else "off") != ("on" if turn_on else "off"):
        raise UsageError("The form asks for the opposite of its address.", hint="Open the plan again.")
    try:
        with unit_of_work() as uow:
            view = operations.accept(
                uow,
                rt,
                current_platform.id,
                request_of(code, turn_on=turn_on, prune="prune" in request.form),
                actor=current().actor,
                now=rt.clock(),
                digest=request.form.get("plan", ""),
            )
    except (Conflict, RuleRefused) as error:
        return _refused(error, code)
    return _accepted(view, code)


def _accepted(view: OperationView | None, code: str) -> Answer:
    if not htmx.is_partial():
        if view is not None and view.is_open:
            return htmx.redirect(url_for("pages.operation", operation_id=view.id))
        return htmx.redirect(url_for("pages.modules", operation=None if view is None else view.id))
    session = read_session()
    src = read_sources(session)
    codes = {code} if view is None else {code, *(step.module for step in view.steps)}
    message = _("There was nothing to do") if view is None else done_text(view)
    return changed_rows(session, src, related(src, codes), message=message, closes=True)


def _refused(error: ConsoleError, code: str) -> Answer:
    plan = error.details.get("plan")
    if not isinstance(plan, Plan):
        raise error
    return _plan_answer(plan, code, status=409, stale=isinstance(error, Conflict))


def _plan_answer(plan: Plan, code: str, *, status: int = 200, stale: bool = False) -> Answer:
    rt = runtime()
    impact = plans.impact(read_session(), rt, plan)
    about = about_module(rt.registry, code, enabling=plan.request.want[code])
    page = plan_page(rt.registry, plan, impact, about=about, platform=current_platform.name, stale=stale)
    partial = htmx.is_partial()
    template = "admin/_plan_dialog.html" if partial else "admin/plan.html"
    response = make_response(render_template(template, plan=page), status)
    if partial:
        # A direct switch aims at its row; a plan always belongs into the dialog.
        response.headers["HX-Retarget"] = "#dialog"
        response.headers["HX-Reswap"] = "innerHTML"
    return response
