"""The audit: who did what to the platform."""

from __future__ import annotations

from flask import Response, jsonify, request

from console.blueprint import requires_permission
from console.context import current_platform
from console.services import audit as service
from console.storage.uow import read_session
from console.web.api._blueprint import blueprint, page_size


@blueprint.get("/admin/audit")
@requires_permission("audit.view")
def audit() -> Response:
    """The platform's audit, newest first; ``before`` goes on from an id, ``action`` and ``target`` narrow it."""
    found = service.listing(
        read_session(),
        current_platform.id,
        limit=page_size(),
        before=request.args.get("before", type=int),
        action=request.args.get("action"),
        target=request.args.get("target"),
    )
    return jsonify({"schema": 1, "entries": [service.entry_json(entry) for entry in found]})
