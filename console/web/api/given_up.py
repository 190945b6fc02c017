"""Deliveries and tasks that gave up, and deciding about them."""

from __future__ import annotations

from flask import Response, jsonify

from console.blueprint import requires_permission
from console.context import current, current_platform, runtime
from console.described import described
from console.services import given_up as service
from console.services.given_up import Decision, Kind
from console.storage.uow import current_uow, read_session
from console.web.api import shapes
from console.web.api._blueprint import blueprint, page_size
from console.web.api.queries import Paging


@blueprint.get("/admin/operations/given-up")
@requires_permission("operations.view")
@described(shapes.AllGivenUpDocument, query=Paging)
def given_up() -> Response:
    """What gave up on the platform and rests, the newest of each kind first."""
    session = read_session()
    found = [view for kind in Kind for view in service.listing(session, current_platform.id, kind, limit=page_size())]
    return jsonify({"schema": 1, "given_up": [service.as_json(view) for view in found]})


@blueprint.post("/admin/operations/given-up/<key>/<any('again', 'let-go'):decision>")
@requires_permission("operations.manage")
@described(shapes.GivenUpDocument)
def given_up_decide(key: str, decision: str) -> Response:
    """Have one tried again, or let it go."""
    rt, chosen = runtime(), Decision(decision)
    done = service.decide(
        current_uow(), rt, current_platform.id, key, decision=chosen, actor=current().actor, now=rt.clock()
    )
    return jsonify({"schema": 1, "given_up": service.as_json(done)})
