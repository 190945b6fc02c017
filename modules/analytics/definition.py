"""What the analytics module declares. Source: the guide, "Quick Start: Wrapper Module"."""

from __future__ import annotations

from console.sdk import FrontendType, ModuleDefinition

analytics_module = ModuleDefinition(
    code="analytics",
    name="Analytics & Reports",
    description="Business analytics, reports, and dashboards",
    version="1.0.0",
    icon="chart-line",
    tags=["insight"],
    features=[
        "analytics_dashboard",
        "sales_reports",
        "customer_insights",
    ],
    menu_items={
        FrontendType.ADMIN: ["analytics-dashboard", "reports"],
        FrontendType.VENDOR: ["analytics", "sales-reports"],
    },
    permissions=["analytics.view"],
    is_core=False,
    is_internal=False,
)
