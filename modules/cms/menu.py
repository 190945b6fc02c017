"""How the pages of the content module stand in the menus."""

from __future__ import annotations

from console.sdk import FrontendType, MenuItem, lazy_gettext


def _item(item_id: str, frontend: FrontendType, *, label: str, icon: str, feature: str) -> MenuItem:
    return MenuItem(
        item_id, frontend, label=lazy_gettext(label), icon=icon, permission="cms.view", feature=feature, order=30
    )


menu = [
    _item("content-pages", FrontendType.ADMIN, label="cms.menu.pages", icon="file-text", feature="content_pages"),
    _item("vendor-themes", FrontendType.ADMIN, label="cms.menu.themes", icon="palette", feature="vendor_themes"),
    _item("content-pages", FrontendType.VENDOR, label="cms.menu.pages", icon="file-text", feature="content_pages"),
    _item("media", FrontendType.VENDOR, label="cms.menu.media", icon="images", feature="media_library"),
]
