"""A vendor's own numbers."""

from __future__ import annotations

from console.sdk import (
    Figures,
    ModuleBlueprint,
    current_platform,
    current_vendor,
    described,
    figures,
    render_template,
    requires_feature,
    requires_permission,
)
from modules.analytics.routes.answers import FiguresAnswer
from modules.analytics.routes.shared import as_json, of_sales

vendor_router = ModuleBlueprint("analytics", __name__, tags=["Vendor - Analytics"])
vendor_pages = ModuleBlueprint("analytics", __name__)


def _own() -> tuple[Figures, ...]:
    return figures(current_platform.id, vendor_id=current_vendor.id)


@vendor_router.get("/figures")
@requires_permission("analytics.view")
@requires_feature("analytics_dashboard")
@described(FiguresAnswer)
def list_figures() -> dict[str, object]:
    """Give what the modules say about the vendor."""
    return as_json(_own())


@vendor_router.get("/sales")
@requires_permission("analytics.view")
@requires_feature("sales_reports")
@described(FiguresAnswer)
def list_sales() -> dict[str, object]:
    """Give what the modules that count money say about the vendor."""
    return as_json(of_sales(_own()))


@vendor_pages.get("/")
@requires_permission("analytics.view")
@requires_feature("analytics_dashboard")
def analytics() -> str:
    """What the modules say about the vendor."""
    return render_template("vendor/analytics.html", figures=_own())


@vendor_pages.get("/sales")
@requires_permission("analytics.view")
@requires_feature("sales_reports")
def sales_reports() -> str:
    """What the modules that count money say about the vendor."""
    return render_template("vendor/sales.html", figures=of_sales(_own()))
