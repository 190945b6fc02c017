"""How the pages of analytics stand in the menus."""

from __future__ import annotations

from console.sdk import FrontendType, MenuItem, lazy_gettext


def _item(item_id: str, frontend: FrontendType, *, label: str, icon: str, feature: str) -> MenuItem:
    return MenuItem(
        item_id, frontend, label=lazy_gettext(label), icon=icon, permission="analytics.view", feature=feature, order=50
    )


ADMIN, VENDOR = FrontendType.ADMIN, FrontendType.VENDOR

menu = [
    _item(
        "analytics-dashboard", ADMIN, label="analytics.menu.dashboard", icon="chart-pie", feature="analytics_dashboard"
    ),
    _item("reports", ADMIN, label="analytics.menu.reports", icon="clipboard-list", feature="sales_reports"),
    _item("analytics", VENDOR, label="analytics.menu.analytics", icon="chart-line", feature="analytics_dashboard"),
    _item("sales-reports", VENDOR, label="analytics.menu.sales", icon="chart-column", feature="sales_reports"),
]
