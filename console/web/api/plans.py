"""One plan for several modules: what it would be, and accepting it."""

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
from console.phrases import say
from console.services import operation_views, operations, plans
from console.storage.uow import current_uow, read_session
from console.web.api import shapes
from console.web.api._blueprint import answer, blueprint, must_match
from console.web.api.queries import PlansQuery


class Switches(BaseModel):
    """What a change of several modules asks for.

    Attributes:
        want: Code → on or off.
        plan: The digest of the plan that was shown; without it whatever the plan is now is accepted.
    """

    model_config = ConfigDict(extra="forbid")

    want: dict[str, Literal["on", "off"]] = Field(min_length=1)
    plan: str | None = Field(default=None, max_length=64)
    prune: bool = False
    cascade: bool = True
    note: str = Field(default="", max_length=500)

    def request(self) -> ChangeRequest:
        """The change as the planner takes it."""
        want = {code: each == "on" for code, each in self.want.items()}
        return ChangeRequest(want, cascade=self.cascade, prune=self.prune)


@blueprint.get("/admin/operations/plan")
@requires_permission("modules.toggle")
@described(shapes.PlanDocument, query=PlansQuery)
def operations_plan() -> Response:
    """What switching those modules together would do, with the digest to accept it by."""
    given = request.args
    on, off = given.getlist("on"), given.getlist("off")
    if set(on) & set(off) or not on + off:
        text = say("Say which modules go on and which go off.")
        raise UsageError(text, hint=say("Add ?on=CODE or ?off=CODE, several times when there are more."))
    wish = ChangeRequest(
        {**dict.fromkeys(on, True), **dict.fromkeys(off, False)},
        cascade=given.get("cascade", "true") != "false",
        prune=given.get("prune", "false") == "true",
    )
    return jsonify(plans.as_json(plans.preview(read_session(), runtime(), current_platform.id, wish)))


@blueprint.post("/admin/operations/plan")
@requires_permission("modules.toggle")
@described(
    {200: shapes.OperationDocument, 202: shapes.OperationDocument},
    takes=Switches,
    matches=True,
)
def operations_plan_accept() -> Response:
    """Switch modules together, by one plan: 200 when it is done, 202 while hooks run, 409 with the new plan."""
    wish, rt, uow = read_json(Switches), runtime(), current_uow()
    must_match(uow.lock_platform(current_platform.id).revision)
    view = operations.accept(
        uow,
        rt,
        current_platform.id,
        wish.request(),
        actor=current().actor,
        now=rt.clock(),
        digest=wish.plan,
        note=wish.note,
    )
    return answer(operation_views.as_json(view), status=202 if view is not None and view.is_open else 200)
