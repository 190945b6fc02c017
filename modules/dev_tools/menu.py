"""How the pages of the developer tools stand in the menu."""

from __future__ import annotations

from console.sdk import FrontendType, MenuItem, lazy_gettext

menu = [
    MenuItem(
        "module-registry",
        FrontendType.ADMIN,
        label=lazy_gettext("dev_tools.menu.registry"),
        icon="boxes",
        permission="dev_tools.view",
        feature="developer_tools",
        order=90,
    ),
    MenuItem(
        "route-map",
        FrontendType.ADMIN,
        label=lazy_gettext("dev_tools.menu.routes"),
        icon="route",
        permission="dev_tools.view",
        feature="developer_tools",
        order=90,
    ),
]
