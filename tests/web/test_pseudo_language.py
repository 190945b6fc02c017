"""In a language in which every text stands in brackets, no page says anything outside of them but data."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

import pytest
from flask import Flask
from werkzeug.routing import Rule

from console.domain.words import Role
from console.services import operations
from console.storage.uow import read_session
from console.testing.journeys import switch
from console.web.zones import zones_by_region
from tests.support import pseudo
from tests.support.shop import SWITCHED, Shop, build_shop
from tests.web.routes import HTML, HTMX, Route, filled

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)

NAMES = (
    *(
        "Acme Market",
        "Globex Mall",
        "Blue Bottle",
        "Red Rose",
        "Green Grocer",
        "Ada",
        "Shop",
        "tester",
        "test",
        "Hello",
    ),
    *("English", "Français", "Esperanto", "EUR", "USD", "GBP", "CHF"),
)
CODES = ("acme", "globex", "blue", "red", "green", "cms", "tenancy", *SWITCHED, "id", "slug", "generation")
CITIES = (city for region in zones_by_region(pseudo.LANGUAGE) for _zone, city in region[1])
MOMENTS = (
    r"antaŭ \d+ \w+",
    r"\d+ \w+ \d{4}(?: [\d:]+ UTC)?",
    r"\d{4}-\d\d-\d\dT[\d:.]+Z",
)
MADE = (
    r"[\w.+-]+@example\.test",
    r"(?:Page|Card|shop)[ -][0-9a-f]{6,8}\b",
    r"[A-Z]+-\d*",
    r"\b[a-z]+(?:_[a-z]+)+\b",
    r"\b[a-z_]+\.[a-z]+\b",  # codes of permissions and limits
    *MOMENTS,
    r"#[0-9a-f]{6}\b",
    r"</?p>",
)
DATA = re.compile(
    "|".join((*MADE, *(rf"\b{re.escape(name)}\b" for name in sorted((*NAMES, *CODES, *CITIES), key=len, reverse=True))))
)
"""What a page may show as it is: what the fixtures made, codes, languages and currencies by name, Babel's cities."""


def an_operation(shop: Shop) -> int:
    with shop.app.app_context():
        return operations.of_platform(read_session(), shop.acme.id, limit=1)[0].id


def a_role(shop: Shop) -> int:
    admin = shop.person(Role.PLATFORM_ADMIN)
    admin.post("/admin/acme/users/roles/new/admin", {"name": "Shop", "permission": ["orders.view"]})
    found = re.search(r"/users/roles/(\d+)", admin.get("/admin/acme/users/roles").text)
    assert found
    return int(found[1])


def a_tier(shop: Shop) -> str:
    admin = shop.person(Role.PLATFORM_ADMIN)
    admin.post("/admin/acme/tiers", {"name": "Shop", "code": "red"})
    admin.post("/admin/acme/tiers/red", {"name": "Shop", "feature": ["content_pages"], "limit-cms.pages": "5"})
    admin.get("/admin/acme/tiers")  # the toast was said in the language of the form
    return "red"


ARGUMENTS: Mapping[str, Callable[[Shop], object]] = {
    "frontend": lambda _shop: "vendor",
    "role_id": a_role,
    "slug": lambda _shop: "blue",
    "feature": lambda _shop: "media_library",
    "code": lambda _shop: "orders",
    "operation_id": an_operation,
    "form": lambda _shop: "csv",
    "user_id": lambda shop: shop.person(Role.VENDOR_OWNER).user_id,
}
"""How to fill an argument of the console's own addresses; a page with another one needs a line here."""
TIERS = {"pages.tier": a_tier}
"""Endpoint → what its ``code`` is instead of a module's."""
QUERIES = {"pages.module_config_restore_review": "?revision=1", "pages.vendor_tier": "?tier=red"}
"""What some pages ask for besides."""


@pytest.fixture
def shop(make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch) -> Shop:
    """The two platforms, in an application that has the made-up language."""
    pseudo.speak(monkeypatch)
    return build_shop(make_app(busy_timeout_s=0.3))


def pages(app: Flask) -> Iterator[Rule]:
    """Every address that answers GET with a page."""
    for rule in app.url_map.iter_rules():
        root = rule.rule.split("/")[1]
        if "GET" in (rule.methods or ()) and root not in ("api", "static", "setup", "healthz", "readyz", "metrics"):
            yield rule


def visitors_of(rule: Rule) -> tuple[Role, ...]:
    head = rule.rule.split("/")[1]
    if head == "vendor":
        return (Role.VENDOR_OWNER,)
    if head == "admin":
        return (Role.INSTANCE_ADMIN, Role.PLATFORM_ADMIN)
    return (Role.INSTANCE_ADMIN,) if head == "instance" else (Role.INSTANCE_ADMIN, Role.VENDOR_OWNER)


def path_of(shop: Shop, rule: Rule) -> str:
    if rule.endpoint.count(".") > 1:
        return filled(shop, Route(rule, "GET", ""))
    path = rule.rule.replace("<platform>", "acme").replace("<vendor>", "blue")
    for name in rule.arguments - {"platform", "vendor"}:
        make = TIERS.get(rule.endpoint) if name == "code" else None
        path = re.sub(rf"<(?:[^:<>]+:)?{name}>", str((make or ARGUMENTS[name])(shop)), path)
    return path + QUERIES.get(rule.endpoint, "")


def raw(shop: Shop, role: Role | None, path: str, *, status: tuple[int, ...] = (200,), htmx: bool = False) -> list[str]:
    """What the page at ``path`` says outside of the brackets."""
    client = shop.app.test_client() if role is None else shop.person(role).client
    headers = {**(HTMX if htmx else HTML), "Accept-Language": pseudo.LANGUAGE}
    answer = client.get(path, headers=headers)
    assert answer.status_code in status, f"{path} as {role}: {answer.status}"
    if answer.status_code in (301, 302, 303) or answer.mimetype != "text/html":
        return []
    page = answer.get_data(as_text=True)
    assert "⟦" in page, f"{path} says nothing in the language"
    return [f"{path} as {role.value if role else 'visitor'} {each}" for each in pseudo.undisguised(page, DATA)]


def test_no_page_says_anything_outside_its_language(shop: Shop) -> None:
    shop.switch_all(on=True)
    for prefix in ("A-", "B-"):
        body = {"values": {"number_prefix": prefix}}
        assert shop.token(shop.acme).send("PATCH", "/api/admin/modules/orders/config", body).status_code == 200
    found: list[str] = []
    for rule in pages(shop.app):
        path = path_of(shop, rule)
        for role in visitors_of(rule):
            found += raw(shop, role, path, status=(200, 303))
    assert found == [], "\n".join(found)


def test_no_plan_and_no_module_that_is_off_says_anything_outside_its_language(shop: Shop) -> None:
    found: list[str] = []
    for code in SWITCHED:
        for part in ("", "/enable", "/disable", "/row"):
            if part != "/row":  # a part only: loaded alone it leads to the list
                found += raw(shop, Role.PLATFORM_ADMIN, f"/admin/acme/modules/{code}{part}")
            found += raw(shop, Role.PLATFORM_ADMIN, f"/admin/acme/modules/{code}{part}", htmx=True)
        found += raw(shop, Role.PLATFORM_ADMIN, f"/admin/acme/{code}/", status=(404,))
        found += raw(shop, Role.VENDOR_OWNER, f"/vendor/blue/{code}/", status=(404,))
    switch(shop.app, shop.acme.id, "orders", on=True)
    found += raw(shop, Role.PLATFORM_ADMIN, "/admin/acme/modules/payments/disable")
    found += raw(shop, Role.PLATFORM_ADMIN, f"/admin/acme/operations/{an_operation(shop)}/undo")
    assert found == [], "\n".join(found)


def test_no_refusal_and_no_page_before_the_login_says_anything_outside_its_language(shop: Shop) -> None:
    found = raw(shop, None, "/login")
    found += raw(shop, Role.PLATFORM_ADMIN, "/nowhere", status=(404,))
    found += raw(shop, Role.PLATFORM_ADMIN, "/instance/users", status=(403,))
    found += raw(shop, Role.PLATFORM_ADMIN, "/instance/users", status=(403,), htmx=True)
    found += raw(shop, Role.PLATFORM_ADMIN, "/admin/acme/modules/nowhere", status=(404,))
    found += raw(shop, Role.PLATFORM_ADMIN, "/admin/acme/operations/999999", status=(404,), htmx=True)
    assert found == [], "\n".join(found)
