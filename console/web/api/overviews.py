"""The first pages for programs: a platform, the instance and a vendor's home at a glance."""

from __future__ import annotations

from flask import Response, jsonify
from sqlalchemy.orm import Session

from console import jobs
from console.blueprint import requires_permission
from console.context import current_platform, current_vendor, runtime
from console.described import described
from console.domain.days import last_days
from console.domain.words import HealthStatus
from console.services import activity, audit, audit_search, given_up, operations, vendor_activity
from console.services.audit_export import record_json
from console.services.operation_views import operation_json, time_json
from console.services.requests import request_json
from console.storage.uow import read_session
from console.toolbox import may
from console.web.admin.activity import DAYS
from console.web.admin.listing import counts, lines
from console.web.admin.modules import vendor_count
from console.web.admin.rows import ModuleLine
from console.web.admin.sources import Sources, read_sources
from console.web.api import overview_shapes as shapes
from console.web.api._blueprint import blueprint, instance, page_size, shop
from console.web.api.queries import Limit
from console.web.babel import timezone
from console.web.instance.overview import FindingLine, PlatformLine, glance
from console.web.vendor.home import Card, read_home


@blueprint.get("/admin/")
@requires_permission("platform.view")
@described(shapes.OverviewDocument, query=Limit)
def overview() -> Response:
    """What is on, what needs a look, what happened; ``limit`` says how many vendors, operations and changes."""
    session, most = read_session(), page_size()
    src = read_sources(session)
    rows, counted = lines(src), vendor_count(session, src)
    found = counts(rows, vendors=counted)
    return jsonify(
        {
            "schema": 1,
            "platform": current_platform.slug,
            "has_runner": jobs.alive(session, src.now),
            "counts": {
                **{"modules": found.all, "on": found.on, "attention": found.attention},
                **{"busy": found.busy, "vendors": found.vendors},
            },
            "attention": [_attention(row) for row in rows if row.attention],
            "on": [_on(row) for row in rows if row.on],
            "activity": _activity(session, src),
            **_vendors(session, src, most),
            **_happened(session, most),
        }
    )


@instance.get("/")
@requires_permission("instance.manage")
@described(shapes.InstanceOverviewDocument, query=Limit)
def instance_overview() -> Response:
    """Platforms, what needs a look, what runs, what happened; ``limit`` says how many of the last three."""
    most = page_size()
    found = glance(read_session(), runtime(), findings=most, changes=most)
    return jsonify(
        {
            "schema": 1,
            "has_runner": found.has_runner,
            "modules": found.modules,
            "vendors": found.vendors,
            "platforms": [_platform(line) for line in found.lines],
            "attention": [_finding(line) for line in found.findings],
            "left": found.more,
            "running": list(map(operation_json, found.running[:most])),
            "changes": list(map(record_json, found.changes)),
        }
    )


@shop.get("/")
@requires_permission("vendor.view")
@described(shapes.HomeDocument)
def home() -> Response:
    """What is on for the vendor, what is new, what became of its requests, and what else there is."""
    found = read_home()
    return jsonify(
        {
            "schema": 1,
            "vendor": current_vendor.slug,
            "platform": current_platform.slug,
            "modules": list(map(_card, found.cards)),
            "requests": [request_json(each.view) for each in found.told],
            "off": [each.code for each in found.off],
        }
    )


def _attention(row: ModuleLine) -> dict[str, object]:
    return {
        "module": row.code,
        "name": row.name,
        "state": row.look,
        "health": row.health.value,
        "text": row.word,
        "detail": row.detail or (row.health_text if row.health in _SICK else ""),
    }


_SICK = (HealthStatus.DEGRADED, HealthStatus.UNHEALTHY)


def _on(row: ModuleLine) -> dict[str, object]:
    return {"module": row.code, "name": row.name, "description": row.description, "health": row.health.value}


def _activity(session: Session, src: Sources) -> dict[str, object]:
    days = last_days(src.now, timezone(), DAYS)
    found = activity.of_platform(session, current_platform.id, days)
    series = [{"measure": each.measure, "total": each.total, "counts": list(each.counts)} for each in found]
    return {"days": [day.day.isoformat() for day in days], "series": series}


def _vendors(session: Session, src: Sources, most: int) -> dict[str, object]:
    if not may("vendors.view"):
        return {"vendors": None, "new_vendors": None}
    since = last_days(src.now, timezone(), DAYS)[0].start
    found = [
        {
            "slug": each.slug,
            "name": each.name,
            "created_at": time_json(each.created_at),
            "seen_at": time_json(each.seen_at),
        }
        for each in vendor_activity.latest(session, current_platform.id, limit=most)
    ]
    return {"vendors": found, "new_vendors": vendor_activity.created_since(session, current_platform.id, since)}


def _happened(session: Session, most: int) -> dict[str, object]:
    here = current_platform.id
    looks, reads = may("operations.view"), may("audit.view")
    begun = operations.of_platform(session, here, limit=most) if looks else None
    changes = audit_search.changes(session, here, size=most) if reads else None
    return {
        "operations": None if begun is None else list(map(operation_json, begun)),
        "given_up": given_up.count(session, here) if looks else None,
        "changes": None if changes is None else list(map(audit.entry_json, changes)),
    }


def _platform(line: PlatformLine) -> dict[str, object]:
    return {
        **{"slug": line.slug, "name": line.name, "on": line.on, "vendors": line.vendors},
        **{"attention": line.attention, "running": line.running},
    }


def _finding(line: FindingLine) -> dict[str, object]:
    return {
        "module": line.code,
        "platform": line.platform_slug,
        "trouble": line.trouble,
        "text": line.word,
        "detail": line.detail,
        "operation": None if line.operation_id is None else str(line.operation_id),
    }


def _card(card: Card) -> dict[str, object]:
    return {
        "module": card.code,
        "name": card.name,
        "description": card.description,
        "since": None if card.since is None else time_json(card.since),
        "pages": [{"label": link.label, "url": link.href} for link in card.links],
    }
