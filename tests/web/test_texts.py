"""Languages, menus and probes: what a page says, to whom, and whether the process can serve."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale  # type: ignore[import-untyped]

from console.domain.words import Role
from console.testing.journeys import switch
from console.web.i18n import Folders, TextDomain, Texts
from tests.support.shop import Shop
from tests.web.routes import HTML, ask

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)

PO = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=2; plural=(n > 1);\\n"

msgid "Hello"
msgstr "Bonjour"

msgid "%(num)s page"
msgid_plural "%(num)s pages"
msgstr[0] "%(num)s page (fr)"
msgstr[1] "%(num)s pages (fr)"
"""


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """A module with texts in both forms."""
    po = tmp_path / "translations" / "fr" / "LC_MESSAGES" / "messages.po"
    po.parent.mkdir(parents=True)
    po.write_text(PO)
    locales = tmp_path / "locales"
    locales.mkdir()
    (locales / "en.json").write_text('{"shop": {"open": "Open", "one": "%(num)s shop", "many": "%(num)s shops"}}')
    (locales / "fr.json").write_text('{"shop": {"open": "Ouvert"}, "Hello": "Salut"}')
    return Folders(tmp_path / "translations", locales)


def test_a_text_falls_back_to_english_and_never_to_its_key(app: Flask, folders: Folders) -> None:
    texts: Texts = app.extensions["console_texts"]
    texts._domains["tenancy"] = TextDomain(folders, texts.console)
    with app.test_request_context("/"), force_locale("fr_CA"):
        assert texts.gettext("tenancy", "shop.open") == "Ouvert"
        assert texts.gettext("tenancy", "Hello") == "Bonjour"
        assert texts.gettext("tenancy", "shop.never_written") == "Never written"
        assert texts.ngettext("tenancy", "shop.one", "shop.many", 2) == "2 shops"
        assert texts.ngettext("tenancy", "%(num)s page", "%(num)s pages", 1) == "1 page (fr)"
        assert texts.ngettext("tenancy", "%(num)s page", "%(num)s pages", 2) == "2 pages (fr)"
        assert texts.gettext("cms", "shop.open") == "Open"


def test_a_broken_file_of_texts_costs_its_own_texts_only(
    app: Flask, folders: Folders, caplog: pytest.LogCaptureFixture
) -> None:
    assert folders.locales is not None
    (folders.locales / "fr.json").write_text("{")
    domain = TextDomain(folders, app.extensions["console_texts"].console)
    with app.test_request_context("/"), force_locale("fr"):
        assert domain.get_translations().ugettext("Hello") == "Bonjour"
        assert domain.get_translations().ugettext("shop.open") == "Open"
    assert "cannot be read" in caplog.text


def test_equal_keys_of_two_modules_never_meet(app: Flask, folders: Folders) -> None:
    texts: Texts = app.extensions["console_texts"]
    texts._domains["tenancy"] = TextDomain(folders, texts.console)
    with app.test_request_context("/"), force_locale("fr"):
        assert texts.gettext("tenancy", "Hello") != texts.gettext("billing", "Hello")
        assert texts.gettext(None, "Hello") == "Hello"


@pytest.mark.parametrize(("asked", "found"), [("fr-FR,fr;q=0.9", "fr"), ("de", "en"), ("", "en"), ("xx", "en")])
def test_a_page_speaks_the_language_that_the_browser_asks_for(shop: Shop, asked: str, found: str) -> None:
    page = shop.app.test_client().get("/login", headers={"Accept-Language": asked}).get_data(as_text=True)
    assert f'<html lang="{found}"' in page


def test_a_module_page_speaks_from_its_own_catalog(shop: Shop) -> None:
    switch(shop.app, shop.acme.id, "orders", on=True)
    admin = shop.person(Role.PLATFORM_ADMIN)
    english = ask(admin, "GET", "/admin/acme/orders/", headers={**HTML, "Accept-Language": "en"}).get_data(as_text=True)
    french = ask(admin, "GET", "/admin/acme/orders/", headers={**HTML, "Accept-Language": "fr"}).get_data(as_text=True)
    assert "The orders of all vendors of this platform." in english
    assert "The orders of all vendors of this platform." not in french
    for text in (english, french):
        assert "orders.list" not in text


def test_what_was_flashed_is_said_once_and_kept_sealed(app: Flask) -> None:
    client = app.test_client()
    with app.test_request_context("/"):
        sealed = app.extensions["console"].secrets.seal('[["message", "It is <done>"]]', context="flashed")
    client.set_cookie("console-said", sealed)
    assert "It is &lt;done&gt;" in client.get("/login").get_data(as_text=True)
    assert client.get_cookie("console-said") is None
    for forged in ("nonsense", sealed[:-4] + "AAAA"):
        client.set_cookie("console-said", forged)
        answer = client.get("/login")
        assert (answer.status_code, "It is" in answer.get_data(as_text=True)) == (200, False)


# --- menus ------------------------------------------------------------------------------------------------------------


def menu(shop: Shop, role: Role, path: str) -> set[str]:
    """The ids of the menu's items."""
    text = shop.person(role).get(path).get_data(as_text=True)
    return {part.partition('"')[0] for part in text.split('data-testid="menu-')[1:]}


def test_menus_follow_the_state_and_the_rights(shop: Shop) -> None:
    assert "payment-gateways" not in menu(shop, Role.PLATFORM_ADMIN, "/admin/acme/")
    switch(shop.app, shop.acme.id, "orders", on=True)
    switch(shop.app, shop.acme.id, "dev-tools", on=True)
    admin = menu(shop, Role.PLATFORM_ADMIN, "/admin/acme/")
    assert {"overview", "modules", "operations", "audit", "payment-gateways"} <= admin
    owner = menu(shop, Role.VENDOR_OWNER, "/vendor/blue/")
    assert "payment-methods" in owner
    assert not owner & {"modules", "operations", "payment-gateways"}
    internal = {entry.id for entry in shop.app.extensions["console"].registry["dev-tools"].entries}
    assert internal <= admin
    assert not internal & owner
    assert "users" in menu(shop, Role.INSTANCE_ADMIN, "/instance/")


def test_every_link_of_every_menu_leads_somewhere(shop: Shop) -> None:
    import re

    shop.switch_all(on=True)
    wrong = []
    for role, path in (
        (Role.INSTANCE_ADMIN, "/instance/"),
        (Role.INSTANCE_ADMIN, "/admin/globex/"),
        (Role.PLATFORM_ADMIN, "/admin/acme/"),
        (Role.PLATFORM_VIEWER, "/admin/acme/"),
        (Role.VENDOR_OWNER, "/vendor/blue/"),
        (Role.VENDOR_MEMBER, "/vendor/blue/"),
    ):
        page = shop.person(role).get(path).get_data(as_text=True)
        links = re.findall(r'<a href="([^"]+)" data-testid="menu-', page)
        assert links
        wrong += [f"{link} as {role.value}" for link in links if shop.person(role).get(link).status_code != 200]
        assert page.count('aria-current="page"') >= 1
    assert wrong == []


# --- probes -----------------------------------------------------------------------------------------------------------


def test_probes_answer_without_a_login(shop: Shop) -> None:
    client = shop.app.test_client()
    assert client.get("/healthz").get_json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert (ready.status_code, ready.get_json()["database"], ready.get_json()["schema"]) == (200, "ok", "ok")
    assert ready.get_json()["worker"] == "degraded"  # none runs in this test


def test_a_database_without_tables_is_not_ready(tmp_path: Path, database_kind: str) -> None:
    from console.app import create_app
    from tests.support.databases import close

    app = create_app({"data_dir": tmp_path / "fresh"})
    (tmp_path / "fresh").mkdir()
    answer = app.test_client().get("/readyz")
    close(app)
    assert (database_kind, answer.status_code, answer.get_json()["schema"]) == ("sqlite", 503, "behind")
