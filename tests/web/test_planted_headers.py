"""Line breaks in whatever may end in a header of an answer: none gets there, and none ends in an error of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from werkzeug.test import TestResponse

from console.domain.words import Role
from console.testing.people import Visitor
from tests.support.shop import Shop
from tests.web.routes import HTML, HTMX, JSON

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
BREAKS = (
    "%0d%0aX-Planted:1",
    "%0aX-Planted:1",
    "%0d%0a%0d%0a<p>",
    "%e5%98%8d%e5%98%8aX-Planted:1",
    "%c4%8dX-Planted:1",
)
IN_QUERY = ("next", "q", "show", "sort", "module", "actor", "want", "code", "tier", "from", "to", "before", "frontend")
IN_HEADERS = ("X-Request-Id", "If-None-Match", "Idempotency-Key", "HX-Current-URL", "HX-Target", "Origin", "Referer")
BROKEN = "abcdefgh\r\nX-Planted: 1"


def check(answer: TestResponse, what: object) -> None:
    assert answer.status_code < 500, what
    assert "X-Planted" not in answer.headers, what
    for name, value in answer.headers:
        assert not re.search(r"[\r\n\0]", name + value), (what, name)


def person_for(shop: Shop, path: str) -> Visitor:
    return shop.person(Role.VENDOR_OWNER if path.startswith("/vendor/") else Role.INSTANCE_ADMIN)


def addresses(shop: Shop) -> Iterator[tuple[str, str, str]]:
    """Method, address and its broken twin, for each argument of each rule."""
    known = {"platform": "acme", "vendor": "blue", "code": "cms"}
    for rule in shop.app.url_map.iter_rules():
        if rule.endpoint == "people.logout":
            continue
        names = re.findall(r"<(?:[^<>]*:)?(\w+)>", rule.rule)
        whole = re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda found: known.get(found[1], "1"), rule.rule)
        for number, name in enumerate(names or [""]):
            broken = BREAKS[number % 2]
            path = rule.rule.replace("<" + name + ">", known.get(name, "1") + broken) if name else whole + broken
            path = re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda found: known.get(found[1], "1"), path)
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield method, whole, path


@on_sqlite
def test_no_line_break_in_an_address_reaches_a_header(shop: Shop) -> None:
    seen = 0
    for method, whole, broken in addresses(shop):
        person = person_for(shop, whole)
        check(person.client.open(broken, method=method, headers=HTML), (method, broken))
        seen += 1
    assert seen > 200


@on_sqlite
def test_no_line_break_in_a_query_or_a_field_reaches_a_header(shop: Shop) -> None:
    pages = ("/login", "/admin/acme/modules", "/admin/acme/audit", "/admin/acme/operations", "/vendor/blue/orders/")
    for path in (*pages, "/admin/acme/audit/export/csv", "/admin/acme/search", "/instance/audit"):
        person = person_for(shop, path)
        for text in BREAKS:
            query = "&".join(f"{name}={text}" for name in IN_QUERY)
            for shape in (HTML, HTMX, JSON):
                check(person.client.get(f"{path}?{query}", headers=shape), (path, text))
    admin = shop.person(Role.PLATFORM_ADMIN)
    for text in ("/\r\nX-Planted: 1", "/admin\nX-Planted: 1", "/\x0bX", "//evil.example\r\n"):
        fields = {"next": text, "email": f"a{text}@example.test", "password": "x", "name": text, "locale": text}
        for path in ("/login", "/account/profile", "/account/language", "/admin/acme/users"):
            check(admin.post(path, fields), (path, text))


@on_sqlite
def test_no_line_break_in_a_header_is_sent_back(shop: Shop) -> None:
    for path in ("/admin/acme/modules", "/api/admin/modules", "/no/such", "/static/app.js"):
        person = person_for(shop, path)
        for name in IN_HEADERS:
            environ = {"HTTP_" + name.upper().replace("-", "_"): BROKEN}
            answer = person.client.get(path, environ_overrides=environ)
            check(answer, (path, name))
            answer.close()
