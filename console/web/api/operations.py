"""Operations: the list, one of them, and deciding about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

from flask import Response, jsonify, request
from pydantic import BaseModel, ConfigDict, Field

from console.blueprint import requires_permission
from console.context import current, current_platform, runtime
from console.described import described
from console.domain.words import OperationKind, OperationState
from console.errors import Unknown, UsageError
from console.inputs import read_json
from console.services import operation_search, operation_views, plans, recovery
from console.services import operations as service
from console.services.operation_search import OperationQuery
from console.services.operation_views import OperationView
from console.services.paging import Place
from console.storage.uow import current_uow, read_session
from console.web.api import shapes
from console.web.api._blueprint import blueprint, days, page_size
from console.web.api.queries import Kind, OperationsPaging, State

DECISIONS: dict[str, Callable[..., OperationView]] = {
    "retry": recovery.retry,
    "keep": recovery.keep,
    "cancel": recovery.cancel,
}


class Undo(BaseModel):
    """Which way back was shown.

    Attributes:
        plan: The digest of the plan that was shown; without it whatever the way back is now is taken.
    """

    model_config = ConfigDict(extra="forbid")

    plan: str | None = Field(default=None, max_length=64)


class Force(BaseModel):
    """Which step ends without its hook, and why."""

    model_config = ConfigDict(extra="forbid")

    step: str = Field(max_length=64)
    note: str = Field(min_length=1, max_length=500)


@blueprint.get("/admin/operations")
@requires_permission("operations.view")
@described(shapes.OperationsDocument, query=OperationsPaging)
def operations() -> Response:
    """The platform's operations, newest first; ``before`` goes on from an id.

    ``state``, ``kind``, ``module``, ``actor``, and the days ``from`` and ``to`` narrow it.
    """
    place = Place(before=request.args.get("before", type=int))
    found = operation_search.find(read_session(), current_platform.id, _query(), size=page_size(), place=place)
    return jsonify({"schema": 1, "operations": [operation_views.operation_json(view) for view in found.rows]})


@blueprint.get("/admin/operations/<int:operation_id>")
@requires_permission("operations.view")
@described(shapes.OperationDocument)
def operation(operation_id: int) -> Response:
    """One operation with its steps and their logs."""
    view = service.with_log(read_session(), _own(operation_id))
    return jsonify(operation_views.as_json(view))


@blueprint.get("/admin/operations/<int:operation_id>/undo")
@requires_permission("operations.manage")
@described(shapes.PlanDocument)
def operation_undo(operation_id: int) -> Response:
    """What taking the operation back would do; 409 when it cannot be taken back."""
    _own(operation_id)
    return jsonify(plans.as_json(recovery.undo_plan(read_session(), runtime(), operation_id)))


@blueprint.post("/admin/operations/<int:operation_id>/undo")
@requires_permission("operations.manage")
@described(shapes.OperationDocument, takes=Undo, optional=True)
def operation_undo_accept(operation_id: int) -> Response:
    """Take an operation back, by exactly the plan that was shown when its digest comes along."""
    _own(operation_id)
    wish, rt = read_json(Undo, optional=True), runtime()
    now = rt.clock()
    view = recovery.undo(current_uow(), rt, operation_id, actor=current().actor, now=now, digest=wish.plan)
    return jsonify(operation_views.as_json(view))


@blueprint.post("/admin/operations/<int:operation_id>/<any(retry, keep, cancel):decision>")
@requires_permission("operations.manage")
@described(shapes.OperationDocument)
def operation_decide(operation_id: int, decision: str) -> Response:
    """Retry, keep or cancel an operation."""
    _own(operation_id)
    rt = runtime()
    view = DECISIONS[decision](current_uow(), rt, operation_id, actor=current().actor, now=rt.clock())
    return jsonify(operation_views.as_json(view))


@blueprint.post("/admin/operations/<int:operation_id>/force")
@requires_permission("operations.manage")
@described(shapes.OperationDocument, takes=Force)
def operation_force(operation_id: int) -> Response:
    """End a failed step of switching off without its hook."""
    _own(operation_id)
    wish = read_json(Force)
    rt = runtime()
    view = recovery.force(
        current_uow(), rt, operation_id, wish.step, note=wish.note, actor=current().actor, now=rt.clock()
    )
    return jsonify(operation_views.as_json(view))


def _own(operation_id: int) -> OperationView:
    view = service.get(read_session(), operation_id)
    if view.platform_id != current_platform.id:
        raise Unknown("operation", str(operation_id))
    return view


def _query() -> OperationQuery:
    state, kind = _one_of("state", get_args(State)), _one_of("kind", get_args(Kind))
    return OperationQuery(
        states=(OperationState(state),) if state else (),
        kind=OperationKind(kind) if kind else None,
        module=request.args.get("module", ""),
        actor=request.args.get("actor", ""),
        period=days(),
    )


def _one_of(name: str, known: tuple[str, ...]) -> str:
    """What the query says there; empty when it says nothing.

    Raises:
        UsageError: It is none of ``known``.
    """
    given = request.args.get(name, "")
    if given and given not in known:
        raise UsageError(f"There is no {name} {given!r}.", hint=f"Ask for one of {', '.join(known)}.")
    return given
