"""Search everywhere: what is found, by whom, in which order, on a page and as a part of one."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import event

from console.domain.words import Role
from console.storage.base import db
from console.testing.journeys import make_vendor, switch
from console.testing.people import Visitor, log_in
from tests.support.shop import Shop
from tests.web.html import hidden_fields
from tests.web.routes import HTMX

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
HIT = re.compile(r'<a href="([^"]+)" id="hit-([a-z]+)-\d+"[^>]*>.*?<span>(.*?)</span>', re.S)


def hits(visitor: Visitor, path: str, words: str, *, htmx: bool = False) -> list[tuple[str, str, str]]:
    """Group, label and address of every result, in order."""
    answer = visitor.client.get(path, query_string={"q": words}, headers=HTMX if htmx else {"Accept": "text/html"})
    assert answer.status_code == 200
    found = HIT.findall(answer.get_data(as_text=True))
    return [(group, unescape(label), unescape(href)) for href, group, label in found]


def labels(visitor: Visitor, path: str, words: str, group: str) -> list[str]:
    return [label for name, label, _href in hits(visitor, path, words) if name == group]


@on_sqlite
def test_an_admin_finds_modules_pages_actions_and_vendors_of_the_platform(shop: Shop) -> None:
    admin = shop.person(Role.PLATFORM_ADMIN)
    found = hits(admin, "/admin/acme/search", "orders")
    assert found[0] == ("modules", "Orders", "/admin/acme/modules/orders")
    assert ("actions", "Enable Orders", "/admin/acme/modules/orders/enable") in found
    assert ("actions", "Configure Orders", "/admin/acme/modules/orders/config") in found
    switch(shop.app, shop.acme.id, "orders", on=True)
    found = hits(admin, "/admin/acme/search", "orders")
    assert ("actions", "Disable Orders", "/admin/acme/modules/orders/disable") in found
    assert ("pages", "Orders", "/admin/acme/orders/") in found
    assert hits(admin, "/admin/acme/search", "audit") == [("pages", "Audit", "/admin/acme/audit")]
    assert ("vendors", "Blue Bottle", "/admin/acme/vendors") in hits(admin, "/admin/acme/search", "bottle")


@on_sqlite
def test_a_module_is_found_by_its_code_its_features_and_either_name(shop: Shop) -> None:
    admin = shop.person(Role.PLATFORM_ADMIN)
    for words in ("dev-tools", "developer", "developer_tools"):
        assert labels(admin, "/admin/acme/search", words, "modules") == ["Developer Tools"]
    admin.client.set_cookie("language", "fr")
    for words in ("Outils de dév", "outils de dev", "developer tools", "registre"):
        assert labels(admin, "/admin/acme/search", words, "modules") == (
            ["Outils de développement"] if words != "registre" else []
        )


@on_sqlite
def test_the_best_answer_stands_first(shop: Shop) -> None:
    for slug, name in (("dark-red", "Dark red"), ("redwood", "Redwood"), ("bored", "Bored")):
        make_vendor(shop.app, shop.acme, slug, name)
    admin = shop.person(Role.PLATFORM_ADMIN)
    assert labels(admin, "/admin/acme/search", "red", "vendors") == ["Red Rose", "Redwood", "Dark red", "Bored"]


def test_nobody_finds_a_foreign_tenant(shop: Shop) -> None:
    admin, owner = shop.person(Role.PLATFORM_ADMIN), shop.person(Role.VENDOR_OWNER)
    for words in ("globex", "green", "Green Grocer", "g", ""):
        for visitor, path in ((admin, "/admin/acme/search"), (owner, "/vendor/blue/search")):
            assert [label for _group, label, _href in hits(visitor, path, words) if label.startswith("G")] == []
    assert labels(owner, "/vendor/blue/search", "red", "vendors") == []
    root = shop.person(Role.INSTANCE_ADMIN)
    assert labels(root, "/admin/acme/search", "green", "vendors") == ["Green Grocer"]


def test_only_instance_admins_find_people(shop: Shop) -> None:
    root = shop.person(Role.INSTANCE_ADMIN)
    assert len(labels(root, "/instance/search", "example.test", "people")) == 1
    assert labels(shop.person(Role.PLATFORM_ADMIN), "/admin/acme/search", "example.test", "people") == []
    assert len(labels(root, "/instance/search", "example.test", "people")) == 2


@on_sqlite
def test_a_viewer_finds_no_action_and_a_vendor_no_module_of_the_admins(shop: Shop) -> None:
    shop.switch_all(on=True)
    assert labels(shop.person(Role.PLATFORM_VIEWER), "/admin/acme/search", "orders", "actions") == []
    owner = shop.person(Role.VENDOR_OWNER)
    found = hits(owner, "/vendor/blue/search", "o")
    assert {group for group, _label, _href in found} == {"pages", "vendors"}
    assert [href for _group, _label, href in found if href.startswith("/admin")] == []
    assert [label for _group, label, _href in found if "egistry" in label] == []


@on_sqlite
def test_somebody_with_several_shops_finds_the_others(shop: Shop) -> None:
    owner = log_in(shop.app, Role.VENDOR_OWNER, vendor=shop.red)
    assert labels(owner, "/vendor/red/search", "red rose", "vendors") == ["Red Rose"]
    assert [href for _g, _l, href in hits(owner, "/vendor/red/search", "red rose")] == ["/vendor/red/"]


@on_sqlite
def test_every_result_opens(shop: Shop) -> None:
    shop.switch_all(on=True)
    for role, path in (
        (Role.INSTANCE_ADMIN, "/instance/search"),
        (Role.PLATFORM_ADMIN, "/admin/acme/search"),
        (Role.PLATFORM_VIEWER, "/admin/acme/search"),
        (Role.VENDOR_MEMBER, "/vendor/blue/search"),
    ):
        visitor = shop.person(role)
        found = {href for words in ("o", "e", "a", "") for _group, _label, href in hits(visitor, path, words)}
        assert found
        assert [href for href in sorted(found) if visitor.get(href).status_code != 200] == []


@on_sqlite
def test_page_and_part_come_from_one_address(shop: Shop) -> None:
    admin = shop.person(Role.PLATFORM_ADMIN)
    page = admin.get("/admin/acme/search?q=orders").text
    assert '<html lang="en"' in page
    assert 'role="option"' not in page
    part = admin.client.get("/admin/acme/search?q=orders", headers=HTMX)
    text = part.get_data(as_text=True)
    assert "<html" not in text
    assert text.lstrip().startswith('<div id="search-body"')
    dialog = admin.client.get("/admin/acme/search", headers=HTMX).get_data(as_text=True)
    assert dialog.lstrip().startswith("<dialog")
    assert 'role="combobox"' in dialog
    assert 'aria-selected="true"' not in dialog
    assert re.search(r'id="hit-modules-1"[^>]*aria-selected="true"', text)
    assert text.count('aria-selected="true"') == 1
    assert {"HX-Request", "HX-Request-Type", "Cookie", "Accept-Language"} <= set(part.headers["Vary"].split(", "))
    assert re.search(r'id="search-status" role="status">\d+ results<', text)


@on_sqlite
def test_without_words_it_suggests_and_without_results_it_says_so(shop: Shop) -> None:
    admin = shop.person(Role.PLATFORM_ADMIN)
    assert "Overview" in labels(admin, "/admin/acme/search", "", "pages")
    nothing = admin.get("/admin/acme/search?q=%3Cb%3Enothing%3C/b%3E").text
    assert "Nothing found" in nothing
    assert "“&lt;b&gt;nothing&lt;/b&gt;”" in nothing


@on_sqlite
def test_without_words_it_begins_with_what_the_person_did_lately(shop: Shop) -> None:
    admin, other = shop.person(Role.PLATFORM_ADMIN), shop.person(Role.PLATFORM_VIEWER)
    assert labels(admin, "/admin/acme/search", "", "recent") == []
    url = "/admin/acme/modules/analytics/enable"
    assert admin.post(url, hidden_fields(admin.get(url), url)).status_code == 303
    assert labels(admin, "/admin/acme/search", "", "recent") == ["Analytics & Reports", "Enable Analytics & Reports"]
    found = hits(admin, "/admin/acme/search", "", htmx=True)
    assert found[0] == ("recent", "Analytics & Reports", "/admin/acme/modules/analytics")
    assert found[1][2].startswith("/admin/acme/operations/")
    assert "pages" in {group for group, _label, _href in found}
    assert labels(other, "/admin/acme/search", "", "recent") == []
    assert labels(admin, "/admin/acme/search", "analytics", "recent") == []


@on_sqlite
def test_what_somebody_did_on_another_platform_leads_to_that_platform(shop: Shop) -> None:
    root = shop.person(Role.INSTANCE_ADMIN)
    url = "/admin/acme/modules/analytics/enable"
    root.post(url, hidden_fields(root.get(url), url))
    assert hits(root, "/instance/search", "")[0] == ("recent", "Acme Market", "/admin/acme/")
    assert ("recent", "Acme Market", "/admin/acme/") in hits(root, "/admin/globex/search", "")


@on_sqlite
def test_a_long_list_is_cut_and_says_how_much_is_left(shop: Shop) -> None:
    for number in range(22):
        make_vendor(shop.app, shop.acme, f"stall-{number}", f"Stall {number}")
    admin = shop.person(Role.PLATFORM_ADMIN)
    page = admin.get("/admin/acme/search?q=stall").text
    assert page.count('data-testid="hit-vendors"') == 20
    assert "2 more results; type on to find them." in page
    assert len(hits(admin, "/admin/acme/search", "stall", htmx=True)) == 5


@on_sqlite
@pytest.mark.parametrize("role", [Role.INSTANCE_ADMIN, Role.PLATFORM_ADMIN])
def test_the_number_of_statements_does_not_depend_on_how_much_there_is(shop: Shop, role: Role) -> None:
    visitor = shop.person(role)
    paths = ("/admin/acme/search?q=a", "/admin/acme/search")

    def statements(path: str) -> int:
        visitor.get(path)
        seen: list[str] = []

        def note(_connection: object, _cursor: object, text: str, *_rest: object) -> None:
            seen.append(text)

        with shop.app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            visitor.get(path)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    before = [statements(path) for path in paths]
    for number in range(8):
        make_vendor(shop.app, shop.acme, f"late-{number}", f"Late {number}")
        log_in(shop.app, Role.VENDOR_OWNER, vendor=shop.blue)
    shop.switch_all(on=True)
    assert [statements(path) for path in paths] == before
    assert max(before) <= 7


@on_sqlite
def test_the_keyboard_help_is_a_page_and_a_dialog(shop: Shop) -> None:
    owner = shop.person(Role.VENDOR_OWNER)
    page = owner.get("/keyboard").text
    assert "Search everywhere" in page
    assert '<kbd class="kbd" translate="no">Ctrl</kbd>' in page
    part = owner.client.get("/keyboard", headers=HTMX).get_data(as_text=True)
    assert part.lstrip().startswith("<dialog")
    home = owner.get("/vendor/blue/").text
    assert 'href="/keyboard"' in home
    assert 'href="/vendor/blue/search"' in home


PLACES = {
    "modules": ["Lists", "Switches and plans"],
    "modules/orders": ["Switches and plans", "Everywhere"],
    "modules/cms/config": ["Configuration", "Everywhere"],
    "menu?frontend=vendor": ["Arranging the menu", "Everywhere"],
    "operations/1": ["Logs of an operation", "Everywhere"],
}


@on_sqlite
def test_the_keyboard_help_begins_with_the_page_that_one_is_on(shop: Shop) -> None:
    admin = shop.person(Role.PLATFORM_ADMIN)
    for page, first in PLACES.items():
        url = f"http://localhost/admin/acme/{page}"
        part = admin.client.get("/keyboard", headers={**HTMX, "HX-Current-URL": url}).get_data(as_text=True)
        whole = admin.client.get("/keyboard", headers={"Referer": url}).get_data(as_text=True)
        for text, heading in ((part, "h3"), (whole, "h2")):
            assert re.findall(rf'<{heading} id="keys-[12]">([^<]+?)(?: <span|</)', text) == first, page


@on_sqlite
def test_the_keyboard_help_of_no_page_in_particular_begins_with_what_works_everywhere(shop: Shop) -> None:
    owner = shop.person(Role.VENDOR_OWNER)
    for url in ("", "http://localhost/vendor/blue/", "http://localhost/nowhere", "http://[bad"):
        text = owner.client.get("/keyboard", headers={"Referer": url}).get_data(as_text=True)
        assert '<h2 id="keys-1">Everywhere</h2>' in text
