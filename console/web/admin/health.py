"""The health of everything that is on."""

from __future__ import annotations

from flask import render_template
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.services import given_up
from console.services import health as service
from console.storage.uow import read_session
from console.toolbox import may
from console.web.admin._blueprint import blueprint
from console.web.admin.listing import lines
from console.web.admin.sources import read_sources


@blueprint.get("/health")
@requires_permission("health.view")
def health() -> str | Response:
    """The last report of each module that is on, what is wrong first."""
    session = read_session()
    src = read_sources(session)
    reports = service.latest(session, src.snapshot.platform_id)
    order = {"unhealthy": 0, "degraded": 1, "healthy": 2, "unknown": 3}
    rows = sorted((row for row in lines(src) if row.on), key=lambda row: (order[row.health.value], row.name.lower()))
    rested = given_up.count(session, src.snapshot.platform_id) if may("operations.view") else 0
    return render_template("admin/health.html", rows=rows, reports=reports, rested=rested)
