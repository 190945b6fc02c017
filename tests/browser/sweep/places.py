"""Every page of the product, read from the URL map: what answers a GET with HTML, with arguments that exist."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from playwright.sync_api import Page, Response
from werkzeug.routing import Rule

from console.blueprint import demands_of
from tests.browser.served import PASSWORD
from tests.browser.sweep.people import DOUBTED, GREEN, KEEPER, OWNER, ROLES, ROOT, TIER, VIEWER
from tests.browser.sweep.stock import Stock

# Pages that cannot be reached in this console, and the test that goes there.
ELSEWHERE: Mapping[str, str] = {
    "people.setup": "sweep/test_setup.py",
    "people.setup_accept": "sweep/test_setup.py",
    "people.passkey_add_accept": "test_people.py",
    "people.login_passkey": "test_people.py",
}
# What a page asks for in its query.
QUERIES: Mapping[str, str] = {
    "pages.operations_plan": "?want=on&code=plain&code=slow",
    "pages.vendor_tier": f"?tier={TIER}",
    "pages.module_config_restore_review": "?revision=1",
    "pages.search": "?q=pay",
    "instance.search": "?q=acme",
    "home.search": "?q=pay",
}
# What is done on a page, and the answer to it when that is a page of its own.
First = Callable[[Page], Response | None]


@dataclass(frozen=True, slots=True)
class Place:
    """A page: where it is, who looks at it (empty: nobody is logged in), what it answers, what is done there first."""

    endpoint: str
    path: str
    person: str
    status: int = 200
    first: First | None = None

    def __str__(self) -> str:
        return f"{self.path} [{self.status}]"


def send(form: str, **fields: str) -> First:
    """Fills fields of a form, whether people can see them or not, and sends it the plain way."""

    def act(page: Page) -> Response | None:
        with page.expect_navigation() as sent:
            page.evaluate(
                """([form, fields]) => {
                    const found = document.querySelector(form);
                    for (const [name, value] of Object.entries(fields)) found.elements[name].value = value;
                    HTMLFormElement.prototype.submit.call(found);
                }""",
                [form, fields],
            )
        return sent.value

    return act


def select(page: Page) -> None:
    """Chooses two modules that are off, on a screen so high that neither the head nor their bar covers a part."""
    for code in ("plain", "slow"):
        page.locator(f"tbody [form=bulk][value={code}]").check()
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({**size, "height": page.evaluate("document.documentElement.scrollHeight + 100")})


# Further looks of a page: what nothing matches, what is empty, filtered, under way, refused, off or unknown.
MORE = (
    Place("", "/admin/acme/modules?show=attention", ROOT),
    Place("", "/admin/acme/modules?q=nothing-is-called-this", ROOT),
    Place("", "/admin/acme/modules?show=off", ROOT, 200, select),
    Place("", "/admin/acme/modules/raising", ROOT),
    Place("", "/admin/acme/modules/plain", ROOT),
    Place("", "/admin/acme/modules/orders/disable", ROOT),
    Place("", "/admin/acme/modules/orders/purge", ROOT),
    Place("", "/admin/initech/modules/orders/enable", ROOT),
    Place("", "/admin/acme/audit?q=nothing-is-called-this", ROOT),
    Place("", "/admin/acme/menu?frontend=vendor", ROOT),
    Place("", "/admin/acme/search?q=nothing-is-called-this", ROOT),
    Place("", "/admin/globex/", ROOT),
    Place("", "/admin/globex/modules", ROOT),
    Place("", "/admin/globex/modules/gated", ROOT),
    Place("", "/admin/initech/vendors", ROOT),
    Place("", "/admin/initech/requests", ROOT),
    Place("", "/admin/initech/operations?show=failed", ROOT),
    Place("", "/vendor/blue/orders/?state=cancelled", OWNER),
    Place("", "/vendor/blue/catalog/slow", OWNER),
    Place("", "/vendor/blue/catalog/orders", OWNER),
    Place("", "/admin/hooli/modules/orders/disable", ROOT),
    Place("", "/admin/acme/operations?before=5", ROOT),
    Place("", "/admin/acme/modules/depot/config", ROOT),
    Place("", "/admin/acme/modules/payments/config", ROOT, 200, send("#config-form", c_max_methods_per_vendor="60")),
    Place("", "/admin/globex/orders/", ROOT, 404),
    Place("", "/admin/acme/nothing-here", ROOT, 404),
    Place("", "/vendor/blue/nothing-here", OWNER, 404),
    Place("", "/vendor/green/orders/", GREEN, 404),
    Place("", "/admin/acme/vendors/blue", ROOT),
    Place("", "/admin/acme/vendors/red", VIEWER),
    Place("", "/admin/acme/users", VIEWER),
    Place("", "/admin/acme/menu", VIEWER),
    Place("", "/admin/acme/modules/payments/config", VIEWER),
    Place("", "/admin/globex/operations/given-up", ROOT),
    Place("", "/admin/acme/users/roles/new/vendor", ROOT),
    Place("", "/admin/acme/users/tokens", ROOT, 200, send("#token-form", name="Till")),
    Place("", "/instance/tokens", ROOT, 200, send("#token-form", name="Till")),
    Place("", "/admin/acme/users/roles/new/admin", ROOT, 422, send("#role-form", name="")),
    Place("", "/admin/acme/users/roles/new/admin", DOUBTED, 403, send("#role-form", name="Clerk")),
    Place("", "/account/second-factor/app", KEEPER, 422, send("#app-form", code="0")),
    Place("", "/login", "", 200, send("#login", email=KEEPER, password=PASSWORD)),
    Place("", "/admin/acme/modules", VIEWER),
    Place("", "/admin/acme/modules/orders/disable", VIEWER, 403),
    Place("", "/admin/acme/modules/plain/enable", ROOT, 409, send("#plan-form", plan="of another day")),
    Place("", "/admin/acme/vendors", ROOT, 422, send("#vendor-form", name="", slug="No slug")),
    Place("", "/admin/acme/modules/payments/config", ROOT, 422, send("#config-form", c_max_methods_per_vendor="0")),
    Place(
        "",
        "/admin/acme/modules/payments/config",
        ROOT,
        409,
        send("#config-form", revision="1", c_max_methods_per_vendor="50"),
    ),
    Place("", "/vendor/blue/cms/new", OWNER, 422, send("[data-testid=page-form]", title="")),
    Place("", "/login", "", 422, send("form[action$='/login']", email="nobody@example.test", password="wrong")),
)


def places(stock: Stock) -> list[Place]:
    """Every page, and the further looks.

    Raises:
        AssertionError: Names each address that is neither a page, a file, nor a way on to another.
    """
    found, lost = [], []
    for rule in rules(stock):
        place = _place(stock, rule)
        status, kind = _ask(stock, place)
        if status == 200 and kind == "text/html":
            found.append(place)
        elif not (200 <= status < 400):
            lost.append(f"{place.path} ({rule.endpoint}) answers {status}")
    assert lost == [], "give these arguments that exist, in tests/browser/sweep/stock.py"
    moving = [f"/admin/globex/operations/{stock.moving()}", f"/admin/acme/operations/{stock.clinging()}"]
    return [*found, *MORE, *(Place("pages.operation", path, ROOT) for path in moving)]


def rules(stock: Stock, method: str = "GET") -> Iterator[Rule]:
    """The rules of console and modules for people, with that method."""
    for rule in sorted(stock.served.app.url_map.iter_rules(), key=lambda each: each.rule):
        if method in (rule.methods or ()) and not rule.rule.startswith("/api") and rule.endpoint not in ELSEWHERE:
            yield rule


def path_of(rule: Rule, arguments: Mapping[str, str]) -> str:
    """The address of ``rule`` with these arguments."""
    return re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda match: arguments[match[1]], rule.rule)


def _place(stock: Stock, rule: Rule) -> Place:
    path = path_of(rule, stock.arguments(rule.endpoint, set(rule.arguments)))
    public = demands_of(stock.served.app.view_functions[rule.endpoint]).public
    return Place(rule.endpoint, path + QUERIES.get(rule.endpoint, ""), "" if public else _who(path))


def _who(path: str) -> str:
    if path.startswith("/account/second-factor"):
        return KEEPER
    return OWNER if path.startswith("/vendor/") else ROOT


def _ask(stock: Stock, place: Place) -> tuple[int, str]:
    role = ROLES.get(place.person)
    client = stock.shop.person(role).client if role else stock.served.app.test_client()
    answer = client.get(place.path, headers={"Accept": "text/html"})
    return answer.status_code, answer.mimetype or ""
