"""The console's JSON; its tags stand in ``openapi.json``."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

blueprint = Blueprint("api", __name__, url_prefix="/api")
blueprint.tags = ("Console",)  # type: ignore[attr-defined]  # as ModuleBlueprint has it; read by openapi


def answer(document: dict[str, object], *, status: int = 200) -> Response:
    """``document`` as JSON; the revision in it is its ETag, and a client that has it gets 304."""
    response = jsonify(document)
    response.status_code = status
    if "revision" in document:
        response.set_etag(str(document["revision"]))
        if request.method in ("GET", "HEAD"):
            response.headers["Cache-Control"] = "private, no-cache"
            response.make_conditional(request)
    return response


def page_size() -> int:
    """How many entries the client wants, from 1 to 200."""
    return min(max(request.args.get("limit", 50, type=int), 1), 200)
