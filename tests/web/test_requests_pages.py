"""Asking for a module and answering it: catalog, the page of what is off, the vendor's home and the admins' page."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event
from werkzeug.test import TestResponse

from console.context import runtime
from console.domain.words import Role
from console.storage.base import db
from console.testing.journeys import make_vendor, switch
from console.testing.people import Visitor, log_in
from tests.support.shop import Shop
from tests.web.routes import HTML, HTMX, masked

CATALOG = "/vendor/blue/catalog"
on_one_database = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


@pytest.fixture
def owner(shop: Shop) -> Visitor:
    return shop.person(Role.VENDOR_OWNER)


@pytest.fixture
def admin(shop: Shop) -> Visitor:
    return shop.person(Role.PLATFORM_ADMIN)


def ask(visitor: Visitor, code: str, note: str = "", **headers: str) -> TestResponse:
    return visitor.post(f"{CATALOG}/{code}/ask", {"note": note}, **headers)


def count(page: TestResponse) -> str:
    """The number beside *Requests* in the menu."""
    link = page.text[page.text.index('data-testid="menu-requests"') :].partition("</a>")[0]
    return re.sub(r"\D", "", link.partition("</span>")[2])


def only_request(page: TestResponse) -> str:
    (found,) = re.findall(r'data-testid="request-(\d+)"', page.text)
    return str(found)


@on_one_database
def test_the_catalog_names_what_exists_and_how_it_stands(shop: Shop, owner: Visitor) -> None:
    switch(shop.app, shop.acme.id, "analytics", on=True)
    page = owner.get(CATALOG)
    found = dict(re.findall(r'data-testid="catalog-([\w-]+)" data-state="(\w+)"', page.text))
    assert found == {
        "analytics": "on",
        "billing": "off",
        "cms": "on",
        "orders": "off",
        "payments": "off",
        "tenancy": "on",
    }


def test_a_request_goes_its_way_to_the_grant(shop: Shop, owner: Visitor, admin: Visitor) -> None:
    assert ask(owner, "orders", "We ship <b>twice</b>").headers["Location"] == f"{CATALOG}/orders"
    told = owner.get(f"{CATALOG}/orders")
    assert "Your shop has asked for it" in told.text
    assert 'data-testid="ask-orders"' not in told.text
    assert 'data-state="asked"' in owner.get(CATALOG).text
    page = admin.get("/admin/acme/requests")
    assert (count(page), count(admin.get("/admin/acme/"))) == ("1", "1")
    assert "We ship &lt;b&gt;twice&lt;/b&gt;" in page.text
    assert '/admin/acme/modules/orders/enable" data-testid="grant-orders"' in page.text
    switch(shop.app, shop.acme.id, "orders", on=True)
    after = admin.get("/admin/acme/requests")
    assert (count(after), "Granted" in after.text) == ("", True)
    home = owner.get("/vendor/blue/")
    assert 'data-testid="told-orders" data-answer="granted"' in home.text
    assert 'data-testid="fresh"' in home.text
    assert "/vendor/blue/orders/" in owner.get(f"{CATALOG}/orders").text


def test_a_declined_request_tells_the_vendor_why(owner: Visitor, admin: Visitor) -> None:
    ask(owner, "orders")
    request_id = only_request(admin.get("/admin/acme/requests"))
    path = f"/admin/acme/requests/{request_id}/decline"
    refused = admin.post(path, {"note": " "})
    assert refused.status_code == 422
    assert f'id="error-{request_id}"' in refused.text
    assert admin.post(path, {"note": "Next spring."}).status_code == 303
    for place in ("/vendor/blue/", f"{CATALOG}/orders", "/vendor/blue/orders/"):
        assert "Next spring." in owner.get(place, **HTML).text
    late = admin.post(path, {"note": "Never."})
    assert late.status_code == 409
    assert "Somebody else answered this request" in late.text
    assert ask(owner, "orders").status_code == 303
    assert count(admin.get("/admin/acme/")) == "1"


def test_a_request_is_withdrawn_by_who_made_it(owner: Visitor, admin: Visitor) -> None:
    ask(owner, "orders")
    assert owner.post(f"{CATALOG}/orders/withdraw").status_code == 303
    assert 'data-testid="ask-orders"' in owner.get(f"{CATALOG}/orders").text
    page = admin.get("/admin/acme/requests")
    assert (count(page), "Withdrawn" in page.text) == ("", True)
    assert "There was no open request" in owner.post(f"{CATALOG}/orders/withdraw", HX_Request="true").text


@on_one_database
def test_the_page_of_a_module_that_is_off_says_what_it_does_and_takes_the_request(shop: Shop, owner: Visitor) -> None:
    page = owner.get("/vendor/blue/orders/", **HTML)
    assert page.status_code == 404
    description = shop.app.extensions["console"].registry["orders"].definition.description
    for text in (description, "An admin of Acme Market", f'action="{CATALOG}/orders/ask"', 'data-testid="ask-orders"'):
        assert text in page.text
    ask(owner, "orders")
    again = owner.get("/vendor/blue/orders/", **HTML)
    assert 'data-testid="asked"' in again.text
    assert 'data-testid="ask-orders"' not in again.text


@on_one_database
def test_with_htmx_each_step_answers_what_changed(owner: Visitor, admin: Visitor) -> None:
    asked = ask(owner, "orders", HX_Request="true")
    assert re.findall(r'<hx-partial hx-target="([^"]+)"', asked.text) == ["#catalog-module", "#toasts"]
    assert 'data-testid="withdraw-orders"' in asked.text
    too_long = ask(owner, "billing", "x" * 501, HX_Request="true")
    assert (too_long.status_code, "<html" in too_long.text, 'id="ask-error"' in too_long.text) == (422, False, True)
    request_id = only_request(admin.get("/admin/acme/requests"))
    declined = admin.post(f"/admin/acme/requests/{request_id}/decline", {"note": "No."}, HX_Request="true")
    assert re.findall(r'<hx-partial hx-target="([^"]+)"', declined.text) == ["#requests", "#nav-groups", "#toasts"]
    assert count(declined) == ""


@on_one_database
def test_what_is_on_by_now_is_not_asked_for(shop: Shop, owner: Visitor) -> None:
    switch(shop.app, shop.acme.id, "analytics", on=True)
    late = ask(owner, "analytics")
    assert (late.status_code, "It is on by now" in late.text) == (409, True)


@on_one_database
def test_members_and_viewers_see_the_buttons_disabled_with_the_permission(shop: Shop, owner: Visitor) -> None:
    ask(owner, "orders")
    member, viewer = shop.person(Role.VENDOR_MEMBER), shop.person(Role.PLATFORM_VIEWER)
    page = member.get(f"{CATALOG}/billing")
    assert "vendor.ask" in page.text
    assert re.search(r'data-testid="ask-billing" disabled', page.text)
    assert ask(member, "billing", Accept="application/json").get_json()["error"]["details"] == {
        "permission": "vendor.ask"
    }
    page = viewer.get("/admin/acme/requests")
    assert "requests.answer" in page.text
    assert page.text.index('data-testid="needs-requests.answer"') < page.text.index('id="decline-')
    assert "/enable" not in page.text
    refused = viewer.post("/admin/acme/requests/1/decline", {"note": "No."}, Accept="application/json")
    assert refused.get_json()["error"]["details"] == {"permission": "requests.answer"}


def test_internal_modules_are_unknown_to_vendors_by_every_road(shop: Shop, owner: Visitor) -> None:
    shop.switch_all(on=True)
    for on in (True, False):
        switch(shop.app, shop.acme.id, "dev-tools", on=on)
        for page in ("/vendor/blue/", CATALOG, f"{CATALOG}/orders"):
            assert "dev-tools" not in owner.get(page).text
            assert "Developer Tools" not in owner.get(page).text
        for shape in (HTML, HTMX):
            for method, road in (("GET", ""), ("POST", "/ask"), ("POST", "/withdraw")):
                told = [
                    masked(
                        owner.client.open(
                            f"{CATALOG}/{code}{road}", method=method, headers={"X-CSRF-Token": owner.csrf, **shape}
                        )
                    )
                    for code in ("dev-tools", "no-such-code")
                ]
                assert told[0] == told[1]
                assert told[0][0] == 404


def test_tenants_never_meet_in_requests(shop: Shop, owner: Visitor, admin: Visitor) -> None:
    ask(owner, "orders", "A secret of blue")
    request_id = only_request(admin.get("/admin/acme/requests"))
    red = log_in(shop.app, Role.VENDOR_OWNER, vendor=shop.red)
    for page in ("/vendor/red/", "/vendor/red/catalog", "/vendor/red/catalog/orders"):
        text = red.get(page).text
        assert "A secret of blue" not in text
        assert 'data-state="asked"' not in text
    green, stranger = shop.stranger(at_vendor=True), shop.stranger(at_vendor=False)
    for visitor in (red, green):
        for path in (CATALOG, f"{CATALOG}/orders", "/vendor/blue/"):
            assert visitor.get(path).status_code == 404
        assert ask(visitor, "billing").status_code == 404
        assert visitor.post(f"{CATALOG}/orders/withdraw").status_code == 404
    assert stranger.get("/admin/acme/requests").status_code == 404
    assert "A secret of blue" not in stranger.get("/admin/globex/requests").text
    assert count(stranger.get("/admin/globex/")) == ""
    assert stranger.post(f"/admin/globex/requests/{request_id}/decline", {"note": "No."}).status_code == 404
    assert count(admin.get("/admin/acme/")) == "1"


@on_one_database
def test_news_are_what_came_on_lately_and_after_the_vendor(shop: Shop, owner: Visitor) -> None:
    assert 'data-testid="fresh"' not in owner.get("/vendor/blue/").text
    switch(shop.app, shop.acme.id, "analytics", on=True)
    assert 'data-testid="fresh"' in owner.get("/vendor/blue/").text
    late = make_vendor(shop.app, shop.acme, "late", "Late")
    assert 'data-testid="fresh"' not in log_in(shop.app, Role.VENDOR_OWNER, vendor=late).get("/vendor/late/").text
    with shop.app.app_context():
        rt = runtime()
    now = rt.clock()
    rt.clock = lambda: now + timedelta(days=13)
    person = log_in(shop.app, Role.VENDOR_OWNER, vendor=shop.blue)
    assert 'data-testid="fresh"' in person.get("/vendor/blue/").text
    rt.clock = lambda: now + timedelta(days=15)
    person = log_in(shop.app, Role.VENDOR_OWNER, vendor=shop.blue)
    assert 'data-testid="fresh"' not in person.get("/vendor/blue/").text


def statements(app: Flask, visitor: Visitor, path: str) -> int:
    """How many statements a warm request for the page needs."""
    visitor.get(path)
    executed: list[str] = []

    def note(_connection: object, _cursor: object, text: str, *_rest: object) -> None:
        executed.append(text)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert visitor.get(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(executed)


@on_one_database
def test_statements_do_not_grow_with_requests(shop: Shop, owner: Visitor, admin: Visitor) -> None:
    pages = ((owner, "/vendor/blue/"), (owner, CATALOG), (admin, "/admin/acme/requests"), (admin, "/admin/acme/menu"))
    before = [statements(shop.app, visitor, path) for visitor, path in pages]
    for code in ("orders", "billing", "payments"):
        ask(owner, code)
    red = log_in(shop.app, Role.VENDOR_OWNER, vendor=shop.red)
    red.post("/vendor/red/catalog/orders/ask")
    assert [statements(shop.app, visitor, path) for visitor, path in pages] == before
    assert max(before) <= 6
