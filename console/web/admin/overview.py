"""The first page of a platform: what is on, what needs a look, what happened last."""

from __future__ import annotations

from flask import render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console import jobs
from console.blueprint import requires_permission
from console.context import current_platform
from console.domain.days import last_days
from console.services import audit_search, given_up, operations, vendor_activity
from console.storage.uow import read_session
from console.toolbox import may
from console.web import htmx
from console.web.admin import operation_list
from console.web.admin._blueprint import blueprint
from console.web.admin.activity import DAYS, chart
from console.web.admin.audit import audit_lines
from console.web.admin.listing import counts, lines
from console.web.admin.modules import vendor_count
from console.web.admin.sources import Sources, read_sources
from console.web.babel import timezone

RECENT = 6


@blueprint.get("/")
@requires_permission("platform.view")
def overview() -> str | Response:
    """Counters, what needs a look, activity, vendors, and what happened last; htmx follows what runs."""
    session = read_session()
    src = read_sources(session)
    rows = lines(src)
    live: dict[str, object] = {
        "counts": counts(rows, vendors=vendor_count(session, src)),
        "operations": operation_list.rows(operations.of_platform(session, current_platform.id, limit=RECENT)),
    }
    if htmx.is_partial():
        return render_template("admin/_overview_live.html", **live)
    return render_template(
        "admin/overview.html",
        **live,
        attention=[row for row in rows if row.attention],
        on=[row for row in rows if row.on],
        chart=chart(session, current_platform.id, src.now),
        rested=given_up.count(session, current_platform.id) if may("operations.view") else 0,
        has_runner=jobs.alive(session, src.now),
        entries=audit_lines(audit_search.changes(session, current_platform.id, size=RECENT))
        if may("audit.view")
        else [],
        **_vendors(session, src),
    )


def _vendors(session: Session, src: Sources) -> dict[str, object]:
    """The vendors that are new or were active last, and since when one counts as new."""
    since = last_days(src.now, timezone(), DAYS)[0].start
    return {
        "vendors": vendor_activity.latest(session, current_platform.id, limit=RECENT),
        "new_vendors": vendor_activity.created_since(session, current_platform.id, since),
        "new_since": since,
    }
