"""What vendors of the platform ask for, and saying no; yes is the module's switch."""

from __future__ import annotations

from flask import Response, jsonify, request
from pydantic import BaseModel, ConfigDict, Field

from console.blueprint import requires_permission
from console.context import current, current_platform, runtime
from console.described import described
from console.inputs import read_json
from console.services import requests as service
from console.storage.uow import current_uow, read_session
from console.web.api import shapes
from console.web.api._blueprint import blueprint, page_size
from console.web.api.queries import Paging


class Decline(BaseModel):
    """Why not; the vendor reads it."""

    model_config = ConfigDict(extra="forbid")

    note: str = Field(min_length=1, max_length=service.NOTE_LIMIT)


@blueprint.get("/admin/requests")
@requires_permission("requests.view")
@described(shapes.RequestsDocument, query=Paging)
def module_requests() -> Response:
    """The open requests, and the answered ones, newest first; ``before`` goes on from the id of an answered one."""
    session, before = read_session(), request.args.get("before", type=int)
    waiting = service.open_of(session, current_platform.id)
    answered = service.answered(session, current_platform.id, limit=page_size(), before=before)
    return jsonify(
        {
            "schema": 1,
            "open": list(map(service.request_json, waiting)),
            "answered": list(map(service.request_json, answered)),
        }
    )


@blueprint.post("/admin/requests/<int:request_id>/decline")
@requires_permission("requests.answer")
@described(shapes.DeclinedDocument, takes=Decline)
def module_request_decline(request_id: int) -> Response:
    """Answer one request with no, and why."""
    wish, rt, uow = read_json(Decline), runtime(), current_uow()
    service.decline(uow, rt, current_platform.id, request_id, note=wish.note, actor=current().actor, now=rt.clock())
    return jsonify({"schema": 1, "request": {"id": str(request_id), "answer": "declined", "answer_note": wish.note}})
