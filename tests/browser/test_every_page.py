"""Every page of the console in both themes and on a phone: accessible, quiet under the content policy, not too wide."""

from __future__ import annotations

import pytest

from tests.browser.conftest import OpenTab
from tests.browser.tabs import Tab

ADMIN_PAGES = (
    "/admin/acme/",
    "/admin/acme/modules",
    "/admin/acme/modules?show=core",
    "/admin/acme/modules?q=nothing-is-called-this",
    "/admin/acme/modules/orders",
    "/admin/acme/modules/cms/config",
    "/admin/acme/modules/cms/history",
    "/admin/acme/modules/analytics/health",
    "/admin/acme/modules/cms/operations",
    "/admin/acme/modules/analytics/purge",
    "/admin/acme/modules/dev-tools/purge",
    "/admin/acme/modules/-/graph",
    "/admin/acme/modules/orders/enable",
    "/admin/acme/operations",
    "/admin/acme/vendors",
    "/admin/acme/audit",
    "/admin/acme/requests",
    "/admin/acme/menu",
    "/admin/acme/menu?frontend=vendor",
    "/admin/acme/health",
    "/admin/acme/operations/1",
    "/admin/acme/operations?show=failed&module=cms",
    "/admin/acme/audit?actor=system&q=nothing+like+that",
    "/instance/",
    "/instance/platforms",
    "/instance/audit",
    "/instance/users",
    "/instance/modules",
    "/instance/graph",
    "/instance/migrations",
    "/instance/settings",
    "/account",
    "/account/second-factor",
    "/account/second-factor/app",
    "/instance/users/1/logins",
)
VENDOR_PAGES = ("/vendor/blue-bottle/", "/vendor/blue-bottle/catalog", "/vendor/blue-bottle/catalog/orders")


@pytest.mark.parametrize("look", ["light", "dark", "phone"])
def test_every_page_is_accessible_and_fits(tab: OpenTab, look: str) -> None:
    options: dict[str, object] = {"color_scheme": "dark" if look == "dark" else "light"}
    if look == "phone":
        options["viewport"] = {"width": 360, "height": 740}
    admin = tab("root@example.test", **options)
    for path in ADMIN_PAGES:
        check(admin, path)
    vendor = tab("owner@blue-bottle.test", **options)
    for path in VENDOR_PAGES:
        check(vendor, path)


def check(found: Tab, path: str) -> None:
    answer = found.go(path)
    assert answer.status == 200, path
    found.check_accessible()
    width = found.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0, f"{path} is {width} px too wide"


def test_the_login_page_is_accessible(tab: OpenTab) -> None:
    visitor = tab()
    visitor.go("/login")
    visitor.check_accessible()
