"""The audit: who did what to the platform, or anywhere; a page of it, and all of it to take away."""

from __future__ import annotations

from flask import Response, jsonify, request
from sqlalchemy.orm import Session

from console.blueprint import requires_permission
from console.context import current_platform
from console.described import described
from console.services import audit as service
from console.services import audit_export as exports
from console.services import audit_search, platforms
from console.services.audit_export import MEDIA, Form
from console.services.audit_search import AuditQuery
from console.services.paging import Place
from console.storage.uow import read_session
from console.web.admin import audit_list
from console.web.api import people_shapes, shapes
from console.web.api._blueprint import blueprint, days, instance, page_size
from console.web.api.queries import AuditPaging, Filters, InstanceAuditPaging, InstanceFilters


@blueprint.get("/admin/audit")
@requires_permission("audit.view")
@described(shapes.AuditDocument, query=AuditPaging)
def audit() -> Response:
    """The platform's audit, newest first; ``before`` goes on from an id.

    ``actor``, ``action``, ``target``, ``source``, ``q``, ``operation``, and the days ``from`` and ``to`` narrow it.
    """
    page = audit_search.find(read_session(), current_platform.id, _query(), size=page_size(), place=_place())
    return jsonify({"schema": 1, "entries": [service.entry_json(entry) for entry in page.rows]})


@blueprint.get("/admin/audit/export.<any(csv, json):form>")
@requires_permission("audit.view")
@described({200: tuple(MEDIA.values())}, query=Filters)
def audit_export(form: Form) -> Response:
    """The same entries, all of them, as CSV or JSON."""
    return audit_list.export(read_session(), current_platform.id, form, platform=current_platform.slug)


@instance.get("/audit")
@requires_permission("instance.manage")
@described(people_shapes.InstanceAuditDocument, query=InstanceAuditPaging)
def instance_audit() -> Response:
    """What was done anywhere, newest first; ``platform`` and the filters of a platform's audit narrow it."""
    session = read_session()
    page = audit_search.find(session, _platform(session)[1], _query(), size=page_size(), place=_place())
    return jsonify({"schema": 1, "entries": [exports.record_json(entry) for entry in page.rows]})


@instance.get("/audit/export.<any(csv, json):form>")
@requires_permission("instance.manage")
@described({200: tuple(MEDIA.values())}, query=InstanceFilters)
def instance_audit_export(form: Form) -> Response:
    """The same entries, all of them, as CSV or JSON."""
    session = read_session()
    slug, platform_id = _platform(session)
    return audit_list.export(session, platform_id, form, platform=slug)


def _platform(session: Session) -> tuple[str | None, int | None]:
    """Slug and id of the platform that the query names."""
    slug = request.args.get("platform") or None
    return slug, None if slug is None else platforms.by_slug(session, slug).id


def _place() -> Place:
    return Place(before=request.args.get("before", type=int))


def _query() -> AuditQuery:
    given = request.args
    return AuditQuery(
        actor=given.get("actor", ""),
        action=given.get("action", ""),
        target=given.get("target", ""),
        source=given.get("source", ""),
        text=given.get("q", ""),
        operation_id=request.args.get("operation", type=int),
        period=days(),
    )
