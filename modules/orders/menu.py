"""How the pages of orders stand in the menus."""

from __future__ import annotations

from console.sdk import FrontendType, MenuItem, lazy_gettext

menu = [
    MenuItem(
        "orders",
        frontend,
        label=lazy_gettext("orders.menu"),
        icon="shopping-cart",
        permission="orders.view",
        feature="order_management",
        order=10,
    )
    for frontend in (FrontendType.ADMIN, FrontendType.VENDOR)
]
