"""Every route of every module, as every role: on it works, off nothing tells that it exists. On both databases."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask

from console.domain.words import Role
from console.testing.people import Visitor
from tests.support.shop import SWITCHED, Shop
from tests.web.routes import (
    BODIES,
    HTML,
    HTMX,
    JSON,
    SHAPES,
    Route,
    ask,
    filled,
    masked,
    routes_of_modules,
    tenant_header,
)

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY")
UPLOADS = {"vendor.cms.upload_media"}


def switched_routes(app: Flask) -> list[Route]:
    return [route for route in routes_of_modules(app) if route.code in SWITCHED]


def variants(path: str) -> tuple[str, ...]:
    """The address with and without its slash, and with a slash doubled."""
    return path.rstrip("/"), path.rstrip("/") + "/", path[0] + path[1:].replace("/", "//", 2)


def test_every_route_answers_each_role_that_may_use_it(shop: Shop) -> None:
    shop.switch_all(on=True)
    wrong = []
    for route in routes_of_modules(shop.app):
        for role in route.users():
            answer = _use(shop, route, shop.person(role))
            if not 200 <= answer < 300:
                wrong.append(f"{route} as {role.value}: {answer}")
    assert wrong == []


def _use(shop: Shop, route: Route, person: Visitor) -> int:
    if route.endpoint in UPLOADS:
        shop.media()
        return 204
    path = filled(shop, route)
    fields = BODIES[route.endpoint](shop) if route.endpoint in BODIES else {}
    headers = tenant_header(route) | dict(JSON if route.is_api else HTML if route.method == "GET" else HTMX)
    if route.is_api:
        body = fields if route.method in ("POST", "PUT", "PATCH") else None
        return ask(person, route.method, path, headers=headers, body=body).status_code
    return ask(person, route.method, path, headers=headers, form=fields or None).status_code


def test_whoever_may_not_use_a_route_is_told_which_permission_is_missing(shop: Shop) -> None:
    shop.switch_all(on=True)
    wrong = []
    for route in routes_of_modules(shop.app):
        for role in route.others():
            answer = ask(shop.person(role), route.method, route.plain_path(), headers=tenant_header(route) | dict(JSON))
            if not _is_refused(shop, route, role, answer.status_code, answer.get_json()):
                wrong.append(f"{route} as {role.value}: {answer.status_code} {answer.get_data(as_text=True)[:120]}")
    assert wrong == []


def _is_refused(shop: Shop, route: Route, role: Role, status: int, body: object) -> bool:
    assert isinstance(body, dict)
    definition = shop.app.extensions["console"].registry[route.code].definition
    at_vendor = role.value.startswith("vendor")
    if definition.is_internal and at_vendor:
        return status == 404 and body["error"]["code"] == "not_found"
    return status == 403 and body["error"]["details"] == {"permission": route.permission}


def test_a_module_that_is_off_gives_its_own_tenant_one_answer_whatever_is_asked(shop: Shop) -> None:
    """The reference is an address of the module that no route has: it cannot know more."""
    wrong = []
    for route in switched_routes(shop.app):
        for role in ROLES_OF_TENANT[route.at_vendor]:
            person = shop.person(role)
            for method, path, shape in _requests(route):
                headers = tenant_header(route) | dict(SHAPES[shape])
                told = masked(ask(person, method, path, headers=headers))
                nowhere = _module_root(route) + "no-such-page"
                expected = masked(ask(person, method, nowhere, headers=headers))
                if told != expected or told[0] != 404:
                    wrong.append(f"{method} {path} as {role.value}, {shape}: {told[0]}")
    assert wrong == []


ROLES_OF_TENANT = {False: (Role.PLATFORM_ADMIN, Role.PLATFORM_VIEWER), True: (Role.VENDOR_OWNER,)}


def _requests(route: Route) -> Iterable[tuple[str, str, str]]:
    """All methods in one form, all forms and slashes in the route's own method."""
    for shape in SHAPES:
        for path in variants(route.plain_path()):
            yield route.method, path, shape
    for method in METHODS:
        yield method, route.plain_path().rstrip("/"), "html"


def _module_root(route: Route) -> str:
    path = route.plain_path()
    return path[: path.index(f"/{route.code}/") + len(route.code) + 2]


def test_the_answer_of_a_module_that_is_off_names_it_and_the_way_on(shop: Shop) -> None:
    admin = ask(shop.person(Role.PLATFORM_ADMIN), "GET", "/admin/acme/orders/", headers=HTML).get_data(as_text=True)
    assert "Orders" in admin
    assert "/admin/acme/modules/orders/enable" in admin
    viewer = ask(shop.person(Role.PLATFORM_VIEWER), "GET", "/admin/acme/orders/", headers=HTML).get_data(as_text=True)
    vendor = ask(shop.person(Role.VENDOR_OWNER), "GET", "/vendor/blue/orders/", headers=HTML).get_data(as_text=True)
    for text in (viewer, vendor):
        assert "Orders" in text
        assert "/enable" not in text
        assert "An admin of Acme Market" in text
    told = ask(shop.person(Role.VENDOR_OWNER), "GET", "/vendor/blue/orders/", headers=JSON).get_json()["error"]
    assert (told["code"], told["details"]) == ("module_off", {"module": "orders"})


def test_a_foreign_tenant_is_an_unknown_url_on_and_off(shop: Shop) -> None:
    wrong = _found_by_strangers(shop)
    shop.switch_all(on=True)
    assert (wrong, _found_by_strangers(shop)) == ([], [])


def _found_by_strangers(shop: Shop) -> list[str]:
    wrong = []
    for route in routes_of_modules(shop.app):
        for at_vendor in (False, True):
            person = shop.stranger(at_vendor=at_vendor)
            for shape, headers in SHAPES.items():
                told = masked(
                    ask(person, route.method, route.plain_path(), headers=tenant_header(route) | dict(headers))
                )
                unknown = "/api/no/such/address" if route.is_api else "/no/such/address"
                if told != masked(ask(person, route.method, unknown, headers=headers)) or told[0] != 404:
                    wrong.append(f"{route}, {shape}, {'vendor' if at_vendor else 'admin'}: {told[0]}")
    return wrong


def test_the_console_pages_of_a_foreign_platform_are_unknown_urls(shop: Shop) -> None:
    stranger = shop.stranger(at_vendor=False)
    unknown = masked(ask(stranger, "GET", "/no/such/address", headers=HTML))
    for path in ("/admin/acme/", "/admin/acme/modules", "/admin/acme", "/admin/no-such-platform/", "/vendor/blue/"):
        assert masked(ask(stranger, "GET", path, headers=HTML)) == unknown, path


def test_another_vendor_of_the_same_platform_is_an_unknown_url(shop: Shop) -> None:
    shop.switch_all(on=True)
    owner = shop.person(Role.VENDOR_OWNER)
    unknown = masked(ask(owner, "GET", "/no/such/address", headers=HTML))
    for path in ("/vendor/red/", "/vendor/red/orders/", "/vendor/red/orders"):
        assert masked(ask(owner, "GET", path, headers=HTML)) == unknown, path


def test_an_internal_module_does_not_exist_for_vendors_on_and_off(shop: Shop) -> None:
    owner = shop.person(Role.VENDOR_OWNER)
    for _turn in range(2):
        for shape, headers in SHAPES.items():
            unknown = masked(ask(owner, "GET", "/no/such/address", headers=headers))
            for path in ("/vendor/blue/dev-tools/", "/vendor/blue/dev-tools", "/admin/acme/dev-tools/"):
                for method in ("GET", "POST"):
                    reference = unknown if method == "GET" else masked(ask(owner, method, "/no/such", headers=headers))
                    assert masked(ask(owner, method, path, headers=headers)) == reference, (method, path, shape)
        shop.switch_all(on=True)


def test_visitors_get_one_answer_for_every_private_address(shop: Shop) -> None:
    shop.switch_all(on=True)
    visitor = shop.app.test_client()
    existing = {route.plain_path() for route in routes_of_modules(shop.app)}
    wrong = []
    for path in sorted(
        existing | {"/admin/acme/modules", "/instance/users", "/admin/", "/vendor/x/y", "/instance/zzz"}
    ):
        for method in METHODS:
            told = masked(visitor.open(path, method=method, headers=HTML))
            nowhere = "/api/nothing" if path.startswith("/api/") else "/admin/nothing"
            expected = masked(visitor.open(nowhere, method=method, headers=HTML))
            if _without_next(told) != _without_next(expected) or told[0] not in (303, 401):
                wrong.append(f"{method} {path}: {told[0]}")
    assert wrong == []


def _without_next(answer: tuple[int, list[tuple[str, str]], bytes]) -> object:
    """The redirect's ``next`` repeats what was asked, so it tells nothing; all else must be equal."""
    status, headers, body = answer
    return status, [(name, value.partition("?next=")[0]) for name, value in headers], body


def test_visitors_of_the_api_and_of_htmx_get_401(shop: Shop) -> None:
    visitor = shop.app.test_client()
    told = visitor.get("/api/admin/orders/orders", headers=JSON)
    assert (told.status_code, told.get_json()["error"]["code"]) == (401, "login_required")
    page = visitor.get("/admin/acme/orders/", headers={**HTMX, "HX-Current-URL": "http://localhost/admin/acme/?a=1"})
    assert (page.status_code, page.headers["HX-Redirect"]) == (401, "/login?next=/admin/acme/?a%3D1")
    assert page.get_data() == b""
