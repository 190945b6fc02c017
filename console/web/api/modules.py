"""Modules: the list, one of them, the plan of a change, and the change."""

from __future__ import annotations

from typing import Literal

from flask import Response, jsonify, request
from pydantic import BaseModel, ConfigDict, Field

from console.blueprint import requires_permission
from console.context import current, current_platform, runtime
from console.described import described
from console.domain.plan_types import ChangeRequest
from console.errors import UsageError
from console.inputs import read_json
from console.services import health, module_views, operation_views, operations, plans
from console.storage.uow import current_uow, read_session
from console.web.api import shapes
from console.web.api._blueprint import answer, blueprint, must_match
from console.web.api.queries import PlanQuery


class Switch(BaseModel):
    """What a change asks for.

    Attributes:
        want: On or off, never "toggle".
        plan: The digest of the plan that was shown; without it whatever the plan is now is accepted.
    """

    model_config = ConfigDict(extra="forbid")

    want: Literal["on", "off"]
    plan: str | None = Field(default=None, max_length=64)
    prune: bool = False
    cascade: bool = True
    note: str = Field(default="", max_length=500)

    def request_for(self, code: str) -> ChangeRequest:
        """The change as the planner takes it."""
        return ChangeRequest({code: self.want == "on"}, cascade=self.cascade, prune=self.prune)


@blueprint.get("/admin/modules")
@requires_permission("modules.view")
@described(shapes.ModulesDocument)
def modules() -> Response:
    """Every module with its state on the platform, those whose package is gone included."""
    session, rt, platform_id = read_session(), runtime(), current_platform.id
    views = module_views.listing(session, rt, platform_id) + module_views.missing(session, rt, platform_id)
    return answer(module_views.as_json(session, platform_id, views))


@blueprint.get("/admin/modules/<code>")
@requires_permission("modules.view")
@described(shapes.ModuleDocument)
def module(code: str) -> Response:
    """One module: state, declaration, features, last health report."""
    session, rt, platform_id = read_session(), runtime(), current_platform.id
    view = module_views.one(session, rt, platform_id, code)
    shown = module_views.details_json(session, rt, platform_id, view)
    return answer({"schema": 1, "platform": current_platform.slug, "module": shown})


@blueprint.get("/admin/modules/<code>/plan")
@requires_permission("modules.view")
@described(shapes.PlanDocument, query=PlanQuery)
def module_plan(code: str) -> Response:
    """What switching the module would do, with the digest to accept it by."""
    want = request.args.get("want", "")
    if want not in ("on", "off"):
        raise UsageError("Say what you want.", hint="Add ?want=on or ?want=off.")
    wish = ChangeRequest(
        {code: want == "on"},
        cascade=request.args.get("cascade", "true") != "false",
        prune=request.args.get("prune", "false") == "true",
    )
    return jsonify(plans.as_json(plans.preview(read_session(), runtime(), current_platform.id, wish)))


@blueprint.put("/admin/modules/<code>")
@requires_permission("modules.toggle")
@described({200: shapes.OperationDocument, 202: shapes.OperationDocument}, takes=Switch, matches=True)
def module_switch(code: str) -> Response:
    """Switch the module by its plan: 200 when it is done, 202 while hooks run, 409 with the new plan when stale."""
    wish = read_json(Switch)
    rt, uow = runtime(), current_uow()
    must_match(uow.lock_platform(current_platform.id).revision)
    view = operations.accept(
        uow,
        rt,
        current_platform.id,
        wish.request_for(code),
        actor=current().actor,
        now=rt.clock(),
        digest=wish.plan,
        note=wish.note,
    )
    open_still = view is not None and view.is_open
    return answer(operation_views.as_json(view), status=202 if open_still else 200)


@blueprint.get("/admin/modules/<code>/health")
@requires_permission("health.view")
@described(shapes.HealthDocument)
def module_health(code: str) -> Response:
    """The module's last health report."""
    found = runtime().registry[code].code
    reports = health.listing(read_session(), runtime(), current_platform.id)
    return jsonify(health.as_json([report for report in reports if report.code == found]))


@blueprint.get("/admin/health")
@requires_permission("health.view")
@described(shapes.HealthDocument)
def health_reports() -> Response:
    """The last report of every module that is on."""
    return jsonify(health.as_json(health.listing(read_session(), runtime(), current_platform.id)))
