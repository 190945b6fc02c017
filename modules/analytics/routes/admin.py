"""Numbers and reports of a platform, for its admins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import request, url_for

from console.sdk import (
    ModuleBlueprint,
    current_platform,
    db,
    described,
    figures,
    render_template,
    requires_feature,
    requires_permission,
    utc_now,
)
from modules.analytics.routes.answers import EventsAnswer, FiguresAnswer
from modules.analytics.routes.shared import as_json
from modules.analytics.services.recording import Report, count_since, report

admin_router = ModuleBlueprint("analytics", __name__, tags=["Admin - Analytics"])
admin_pages = ModuleBlueprint("analytics", __name__)
DAYS = 30


@dataclass(frozen=True, slots=True)
class Pager:
    """Where the neighbours of a report page are."""

    number: int
    count: int
    previous_url: str | None
    next_url: str | None


def _asked() -> Report:
    number = request.args.get("page", 1, type=int)
    return report(db.session(), module=request.args.get("module", ""), number=number)


@admin_router.get("/figures")
@requires_permission("analytics.view")
@requires_feature("analytics_dashboard")
@described(FiguresAnswer)
def list_figures() -> dict[str, object]:
    """Give what the modules that are on say about themselves."""
    return as_json(figures(current_platform.id))


@admin_router.get("/events")
@requires_permission("analytics.view")
@requires_feature("sales_reports")
@described(EventsAnswer)
def list_events() -> dict[str, object]:
    """List what happened to the modules of the platform, newest first."""
    found = _asked()
    events = [
        {
            "id": str(each.id),
            "module": each.module,
            "event": each.event,
            "actor": each.actor,
            "occurred_at": each.occurred_at.isoformat(),
        }
        for each in found.events
    ]
    return {"events": events, "page": found.number, "pages": found.count}


@admin_pages.get("/")
@requires_permission("analytics.view")
@requires_feature("analytics_dashboard")
def analytics_dashboard() -> str:
    """What the modules that are on say about themselves, and how much was switched lately."""
    counts = count_since(db.session(), utc_now() - timedelta(days=DAYS))
    return render_template("admin/dashboard.html", figures=figures(current_platform.id), counts=counts, days=DAYS)


@admin_pages.get("/reports")
@requires_permission("analytics.view")
@requires_feature("sales_reports")
def reports() -> str:
    """What happened to the modules of the platform, newest first."""
    found = _asked()
    module = request.args.get("module", "")

    def at(number: int) -> str | None:
        return url_for(".reports", module=module or None, page=number) if 1 <= number <= found.count else None

    pager = Pager(found.number, found.count, at(found.number - 1), at(found.number + 1))
    return render_template("admin/reports.html", report=found, module=module, pager=pager)
