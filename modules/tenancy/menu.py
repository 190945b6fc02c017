"""How the pages of tenancy stand in the menus."""

from __future__ import annotations

from console.sdk import FrontendType, MenuItem, lazy_gettext

menu = [
    MenuItem(
        "platform-profile",
        FrontendType.ADMIN,
        label=lazy_gettext("tenancy.menu.platform"),
        icon="building-2",
        permission="tenancy.view",
        order=80,
    ),
    MenuItem(
        "vendor-profile",
        FrontendType.VENDOR,
        label=lazy_gettext("tenancy.menu.vendor"),
        icon="store",
        permission="tenancy.view",
        order=80,
    ),
]
