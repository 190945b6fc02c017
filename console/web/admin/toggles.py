"""Switching a module: GET shows the plan, POST accepts exactly that plan."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.context import current, current_platform, runtime
from console.domain.plan_types import ChangeRequest
from console.errors import Conflict, RuleRefused, UsageError
from console.phrases import say
from console.services import operations, plans
from console.storage.uow import read_session, unit_of_work
from console.web.admin._blueprint import blueprint
from console.web.admin.modules import accepted
from console.web.admin.plan_about import About, about_module, request_of
from console.web.admin.plan_changes import shown_directly
from console.web.admin.plan_views import plan_answer, refused

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
    rt = runtime()
    rt.registry[code]
    asked = request_of(code, turn_on=turn_on, prune="prune" in request.args)
    plan = plans.preview(read_session(), rt, current_platform.id, asked)
    return plan_answer(plan, about_module(rt.registry, code, enabling=turn_on))


def _accept(code: str, *, turn_on: bool) -> Answer:
    registry = runtime().registry
    registry[code]
    if request.form.get("want", "on" if turn_on else "off") != ("on" if turn_on else "off"):
        raise UsageError(say("The form asks for the opposite of its address."), hint=say("Open the plan again."))
    asked = request_of(code, turn_on=turn_on, prune="prune" in request.form)
    about = about_module(registry, code, enabling=turn_on)
    return accept(asked, about, shown=request.form.get("shown") or shown_directly(code, turn_on=turn_on))


def accept(asked: ChangeRequest, about: About, *, shown: str) -> Answer:
    """Accept the plan of ``asked`` whose digest the form carries; any other plan of now is shown instead.

    Args:
        shown: What the form's plan showed, so that the plan of now can say what is different.
    """
    rt = runtime()
    digest = request.form.get("plan", "")
    try:
        with unit_of_work() as uow:
            view = operations.accept(
                uow, rt, current_platform.id, asked, actor=current().actor, now=rt.clock(), digest=digest
            )
    except (Conflict, RuleRefused) as error:
        return refused(error, about, before=shown)
    return accepted(view, set(asked.want))
