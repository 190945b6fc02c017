"""The first page of a platform: what is on, what needs a look, what happened last."""

from __future__ import annotations

from flask import render_template
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.context import current, current_platform, runtime
from console.services import audit, operations
from console.storage.uow import read_session
from console.web.admin._blueprint import blueprint
from console.web.admin.audit import audit_lines
from console.web.admin.listing import counts, lines
from console.web.admin.modules import vendor_count
from console.web.admin.operation_page import operation_page
from console.web.admin.sources import read_sources


@blueprint.get("/")
@requires_permission("platform.view")
def overview() -> str | Response:
    """Counters, what needs a look, running operations and the newest audit entries."""
    session = read_session()
    src = read_sources(session)
    rows = lines(src)
    grants = current().grants
    reads_audit = grants is not None and grants.allows("audit.view", platform_id=current_platform.id)
    return render_template(
        "admin/overview.html",
        counts=counts(rows, vendors=vendor_count(session, src)),
        attention=[row for row in rows if row.attention],
        on=[row for row in rows if row.on],
        operations=[
            operation_page(runtime().registry, view, now=src.now, may_manage=src.may_manage)
            for view in operations.of_platform(session, current_platform.id, limit=5)
        ],
        entries=audit_lines(audit.listing(session, current_platform.id, limit=8)) if reads_audit else [],
    )
