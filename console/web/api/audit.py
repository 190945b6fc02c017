"""The audit: who did what to the platform."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Response, jsonify, request

from console.blueprint import requires_permission
from console.context import current_platform, runtime
from console.domain.days import period
from console.errors import UsageError
from console.services import audit as service
from console.services import audit_search
from console.services.audit_search import AuditQuery
from console.services.paging import Place
from console.storage.uow import read_session
from console.web.api._blueprint import blueprint, page_size


@blueprint.get("/admin/audit")
@requires_permission("audit.view")
def audit() -> Response:
    """The platform's audit, newest first; ``before`` goes on from an id.

    ``actor``, ``action``, ``target``, ``source``, ``q``, ``operation``, and the days ``from`` and ``to`` narrow it.
    """
    place = Place(before=request.args.get("before", type=int))
    page = audit_search.find(read_session(), current_platform.id, _query(), size=page_size(), place=place)
    return jsonify({"schema": 1, "entries": [service.entry_json(entry) for entry in page.rows]})


def _query() -> AuditQuery:
    given = request.args
    try:
        days = period(given.get("from", ""), given.get("to", ""), ZoneInfo(runtime().settings.timezone))
    except (ValueError, OverflowError) as error:
        raise UsageError(f"That is no day: {error}.", hint="Write one as 2026-03-31.") from error
    return AuditQuery(
        actor=given.get("actor", ""),
        action=given.get("action", ""),
        target=given.get("target", ""),
        source=given.get("source", ""),
        text=given.get("q", ""),
        operation_id=given.get("operation", type=int),
        period=days,
    )
