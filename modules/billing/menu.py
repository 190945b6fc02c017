"""How the pages of billing stand in the menus."""

from __future__ import annotations

from console.sdk import FrontendType, MenuItem, lazy_gettext

menu = [
    MenuItem(
        "subscriptions",
        FrontendType.ADMIN,
        label=lazy_gettext("billing.menu.subscriptions"),
        icon="receipt",
        permission="billing.view",
        feature="subscriptions",
        order=40,
    ),
    MenuItem(
        "subscription",
        FrontendType.VENDOR,
        label=lazy_gettext("billing.menu.subscription"),
        icon="receipt",
        permission="billing.view",
        feature="subscriptions",
        order=40,
    ),
]
