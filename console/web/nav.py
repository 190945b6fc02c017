"""The menus: the console's own pages that the person may open, and those of the modules that are on."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace

from flask import current_app, request, url_for

from console.blueprint import demands_of
from console.context import RequestScope, current, runtime
from console.domain import menu_order
from console.domain.menu_order import CONSOLE, MODULES, Stand
from console.domain.snapshot import Snapshot
from console.domain.words import FrontendType
from console.services import platforms as platform_service
from console.services import vendors
from console.services.views import PlatformView, VendorView
from console.storage.uow import read_session
from console.toolbox import may
from console.web.babel import gettext as _
from console.web.babel import lazy_gettext

log = logging.getLogger(__name__)
_START_SLASHES = 3  # /admin/<platform>/, /vendor/<vendor>/, /instance/


@dataclass(frozen=True, slots=True)
class NavItem:
    """One link of a menu.

    Args:
        key: By what an arranged menu knows it.
        count: What waits there; None when nothing does.
    """

    id: str
    label: str
    href: str
    icon: str
    key: str = ""
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class NavGroup:
    """Links under one title."""

    title: str
    items: list[NavItem]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the console that a menu may lead to; what it needs is what its view demands."""

    endpoint: str
    label: object
    icon: str


PLATFORM = (
    Page("pages.overview", lazy_gettext("Overview"), "layout-dashboard"),
    Page("pages.modules", lazy_gettext("Modules"), "blocks"),
    Page("pages.operations", lazy_gettext("Operations"), "history"),
    Page("pages.vendors", lazy_gettext("Vendors"), "store"),
    Page("pages.users", lazy_gettext("People"), "users"),
    Page("pages.requests", lazy_gettext("Requests"), "inbox"),
    Page("pages.health", lazy_gettext("Health"), "heart-pulse"),
    Page("pages.audit", lazy_gettext("Audit"), "scroll-text"),
    Page("pages.menu", lazy_gettext("Menu"), "list-tree"),
)
INSTANCE = (
    Page("instance.overview", lazy_gettext("Overview"), "layout-dashboard"),
    Page("instance.platforms", lazy_gettext("Platforms"), "layers"),
    Page("instance.users", lazy_gettext("People"), "users"),
    Page("instance.tokens", lazy_gettext("API tokens"), "key-round"),
    Page("instance.modules", lazy_gettext("Modules"), "blocks"),
    Page("instance.migrations", lazy_gettext("Migrations"), "database"),
    Page("instance.audit", lazy_gettext("Audit"), "scroll-text"),
    Page("instance.settings", lazy_gettext("Settings"), "settings"),
    Page("styleguide.styleguide", lazy_gettext("Style guide"), "palette"),
)
VENDOR = (
    Page("home.index", lazy_gettext("Home"), "house"),
    Page("home.catalog", lazy_gettext("Catalog"), "layout-grid"),
)
PAGES = {FrontendType.ADMIN: PLATFORM, FrontendType.VENDOR: VENDOR}


def nav() -> list[NavGroup]:
    """The groups of the sidebar for this request."""
    scope = current()
    if scope.user is None:
        return []
    if scope.frontend is None or scope.snapshot is None:
        groups = [NavGroup(_("Instance"), list(_pages(INSTANCE)))]
    else:
        groups = _arranged(scope.snapshot, scope.frontend)
    if scope.vendor is not None and scope.grants is not None and len(scope.grants.vendors) > 1:
        groups.append(NavGroup(_("Your shops"), list(_other_shops())))
    return _with_current([group for group in groups if group.items])


def _arranged(snapshot: Snapshot, frontend: FrontendType) -> list[NavGroup]:
    """The console's pages and the modules' links, as the admins of the platform put them."""
    own = [*_pages(PAGES[frontend]), *(item for _code, item in module_links(current()))]
    found = {item.key: item for item in own}
    return [
        NavGroup(title_of(group, frontend), [found[each.key] for each in stands if each.key in found])
        for group, stands in menu_order.groups(_standing(snapshot, frontend)).items()
    ]


def _standing(snapshot: Snapshot, frontend: FrontendType) -> tuple[Stand, ...]:
    places = snapshot.places.get(frontend, {})
    return menu_order.standing(runtime().registry, frontend, places, pages=page_keys(frontend))[1]


def page_keys(frontend: FrontendType) -> tuple[str, ...]:
    """The console's own pages of a menu, in their own order."""
    return tuple(page.endpoint for page in PAGES[frontend])


def title_of(group: str, frontend: FrontendType) -> str:
    """What a group of a menu is called."""
    if group == CONSOLE:
        return _("Platform") if frontend is FrontendType.ADMIN else _("Shop")
    return _("Modules") if group == MODULES else group


def _pages(pages: tuple[Page, ...]) -> Iterator[NavItem]:
    for page in pages:
        view = current_app.view_functions.get(page.endpoint)
        permission = demands_of(view).permission
        if view is not None and permission is not None and may(permission):
            name = page.endpoint.rpartition(".")[2]
            count = current().open_requests or None if page.endpoint == "pages.requests" else None
            yield NavItem(name, str(page.label), url_for(page.endpoint), page.icon, key=page.endpoint, count=count)


def module_links(scope: RequestScope) -> Iterator[tuple[str, NavItem]]:
    """Code and link of every menu item of a module that is on and that the person may follow here."""
    if scope.snapshot is None or scope.frontend is None:
        return
    for entry in scope.snapshot.menus.get(scope.frontend, ()):
        demands = demands_of(current_app.view_functions.get(entry.endpoint))
        needed = [each for each in (entry.permission, demands.permission) if each is not None]
        features = {each for each in (entry.feature, *demands.features) if each is not None}
        if not all(map(may, needed)) or not features <= scope.features:
            continue
        try:
            yield entry.module, NavItem(entry.id, str(entry.label), url_for(entry.endpoint), entry.icon, key=entry.id)
        except Exception:  # the menu stands on every page; what one module does wrong costs its own link only
            log.exception("the menu item %s of module %s cannot be shown", entry.id, entry.module)


def _other_shops() -> Iterator[NavItem]:
    for shop in _shops():
        yield NavItem(f"shop-{shop.slug}", shop.name, url_for("home.index", vendor=shop.slug), "store")


def _with_current(groups: list[NavGroup]) -> list[NavGroup]:
    """The item that the address lies under, the deepest one, is the current one."""
    path = request.path
    under = [item.href for group in groups for item in group.items if _lies_under(path, item.href)]
    here = max(under, key=len, default=None)
    return [
        replace(group, items=[replace(item, current=item.href == here) for item in group.items]) for group in groups
    ]


def _lies_under(path: str, href: str) -> bool:
    """Whether the page is the item's or lies below it; everything lies below a start page, which says nothing."""
    if href.endswith("/") and href.count("/") <= _START_SLASHES:
        return path == href
    return path == href or path.startswith(href if href.endswith("/") else f"{href}/")


def platforms() -> list[PlatformView]:
    """The platforms that the person may switch to."""
    grants = current().grants
    if grants is None or not (grants.is_instance_admin or grants.platforms):
        return []
    rows = platform_service.listing(read_session())
    return [PlatformView(row.id, row.slug, row.name) for row in rows if grants.sees_platform(row.id)]


def instance_url() -> str | None:
    """Where the whole instance is managed, for whoever may."""
    if not may("instance.manage") or "instance.overview" not in current_app.view_functions:
        return None
    return url_for("instance.overview")


def search_url() -> str | None:
    """Where the person searches from here: in the tenant, else in the instance; None where neither is at hand."""
    scope = current()
    if scope.frontend is FrontendType.ADMIN and may("platform.view"):
        return url_for("pages.search")
    if scope.frontend is FrontendType.VENDOR and may("vendor.view"):
        return url_for("home.search")
    return url_for("instance.search") if may("instance.manage") else None


def start_url() -> str:
    """Where the person's work begins: a platform, else the instance, else a vendor, else the account."""
    grants = current().grants
    mine = platforms()
    if grants is not None and grants.is_instance_admin and not mine:
        return instance_url() or url_for("people.account")
    if mine:
        return url_for("pages.overview", platform=mine[0].slug)
    return _vendor_url() or url_for("people.account")


def _vendor_url() -> str | None:
    shops = _shops()
    return url_for("home.index", vendor=shops[0].slug) if shops else None


def _shops() -> list[VendorView]:
    """The vendors that the person works for."""
    grants = current().grants
    if grants is None or not grants.vendors:
        return []
    rows = vendors.listing(read_session())
    return [VendorView(row.id, row.slug, row.name, row.platform_id) for row in rows if grants.sees_vendor(row.id)]
