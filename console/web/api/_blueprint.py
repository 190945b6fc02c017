"""The console's JSON; its tags stand in ``openapi.json``."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, Response, jsonify, request

from console.context import runtime
from console.domain.days import Period, period
from console.errors import Conflict, UsageError
from console.phrases import say

blueprint = Blueprint("api", __name__, url_prefix="/api")
blueprint.tags = ("Console",)  # type: ignore[attr-defined]  # as ModuleBlueprint has it; read by openapi
instance = Blueprint("api_instance", __name__, url_prefix="/api/instance")
instance.tags = ("Instance",)  # type: ignore[attr-defined]  # as above
shop = Blueprint("api_shop", __name__, url_prefix="/api/vendor")
shop.tags = ("Shop",)  # type: ignore[attr-defined]  # as above


class Outdated(Conflict):
    """The document has another revision than ``If-Match`` says."""

    code = "precondition_failed"
    status = 412


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


def must_match(revision: int) -> None:
    """Let a change through that names no revision in ``If-Match``, or the one of now.

    Raises:
        Outdated: What the client saw is not what is there.
    """
    if request.if_match and not request.if_match.contains(str(revision)):
        raise Outdated(
            say("This was changed since it was read: its revision is %(revision)s.", revision=revision),
            hint=say("Read it again, and send the change with the new ETag."),
            revision=revision,
        )


def page_size(*, default: int = 50) -> int:
    """How many entries the client wants, from 1 to 200."""
    return min(max(request.args.get("limit", default, type=int), 1), 200)


def days() -> Period:
    """The days ``from`` and ``to`` of the query, in the time zone of the console.

    Raises:
        UsageError: One of them is no day.
    """
    try:
        zone = ZoneInfo(runtime().settings.timezone)
        return period(request.args.get("from", ""), request.args.get("to", ""), zone)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"That is no day: {error}.", hint="Write one as 2026-03-31.") from error
