"""The page that arranges menus: every button is a form, only *Save* writes, and rules hold for forged forms too."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from console.domain.words import Role
from console.services.views import PlatformView
from console.testing.journeys import make_platform, switch
from console.testing.people import Visitor, log_in

ADMINS, VENDORS = "/admin/acme/menu?frontend=admin", "/admin/acme/menu?frontend=vendor"
Fields = dict[str, list[str]]


@pytest.fixture
def acme(console_app: Flask, console_platform: PlatformView) -> PlatformView:
    """The platform with analytics on."""
    switch(console_app, console_platform.id, "analytics", on=True)
    return console_platform


@pytest.fixture
def editor(console_app: Flask, acme: PlatformView) -> Visitor:
    return log_in(console_app, Role.PLATFORM_ADMIN, platform=acme)


def fields(page: TestResponse) -> Fields:
    """What the form would send, in its order."""
    found: Fields = {}
    form = page.text[page.text.index('id="menu-form"') :]
    for tag in re.findall(r"<input[^>]*>", form):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        found.setdefault(given["name"], []).append(unescape(given.get("value", "")))
    return found


def press(visitor: Visitor, page: TestResponse, do: str, path: str = ADMINS, **headers: str) -> TestResponse:
    return visitor.post(path, {**fields(page), "do": do}, **headers)


def order(page: TestResponse) -> list[str]:
    return [each.partition(" ")[2] for each in fields(page)["at"]]


def menu(page: TestResponse) -> list[str]:
    return re.findall(r'data-testid="menu-([\w-]+)"', page.text.partition('<div class="main">')[0])


def test_moving_and_hiding_write_nothing_until_the_menu_is_saved(editor: Visitor) -> None:
    page = editor.get(ADMINS)
    first = order(page)
    page = press(editor, page, "down pages.overview")
    page = press(editor, page, "hide reports")
    assert order(page)[:2] == [first[1], first[0]]
    assert "Not saved yet" in page.text
    assert order(editor.get(ADMINS)) == first
    saved = press(editor, page, "save")
    assert (saved.status_code, saved.headers["Location"]) == (303, ADMINS)
    after = editor.get(ADMINS)
    assert order(after)[:2] == [first[1], first[0]]
    assert fields(after)["hidden"] == ["reports"]
    assert "The menu is saved" in after.text
    assert menu(after)[:2] == ["modules", "overview"]
    assert "reports" not in menu(after)


def test_a_hidden_item_is_only_hidden(editor: Visitor) -> None:
    press(editor, press(editor, editor.get(ADMINS), "hide reports"), "save")
    assert editor.get("/admin/acme/analytics/reports").status_code == 200


def test_the_button_that_was_pressed_has_the_focus_again_without_javascript(editor: Visitor) -> None:
    page = press(editor, editor.get(ADMINS), "down pages.overview")
    assert re.search(r'id="down-pages-overview"[^>]* autofocus', page.text)
    assert page.text.count("autofocus") == 1


def test_a_group_gets_its_name_and_its_items(editor: Visitor) -> None:
    page = press(editor, editor.get(ADMINS), "group")
    given = fields(page)
    new = given["group"][-1].split()[0]
    given[f"name-{new}"] = ["  Figures  "]
    given["at"] = [f"{new} {key}" if key in ("reports", "analytics-dashboard") else at for at, key in _pairs(given)]
    saved = editor.post(ADMINS, {**given, "do": "save"})
    assert saved.status_code == 303
    shown = editor.get(ADMINS)
    assert '<nav class="nav" aria-label="Figures">' in shown.text
    assert fields(shown)["name-2"] == ["Figures"]


def _pairs(given: Fields) -> list[tuple[str, str]]:
    return [(at, at.partition(" ")[2]) for at in given["at"]]


def test_a_group_without_a_name_is_asked_for_one(editor: Visitor) -> None:
    page = press(editor, editor.get(ADMINS), "group")
    given = fields(page)
    given["name-2"] = [" "]
    given["at"] = [f"2 {key}" if key == "reports" else at for at, key in _pairs(given)]
    refused = editor.post(ADMINS, {**given, "do": "save"})
    assert refused.status_code == 422
    assert "A group needs a name." in refused.text
    assert "group_name" not in refused.text


def test_a_group_moves_with_its_items(editor: Visitor) -> None:
    page = press(editor, editor.get(ADMINS), "group-down 0")
    assert order(page)[-1].startswith("pages.")
    assert menu(editor.get("/admin/acme/"))[0] == "overview"


def test_the_modules_own_order_is_a_step_that_is_saved_like_any_other(editor: Visitor) -> None:
    own = order(editor.get(ADMINS))
    page = press(editor, editor.get(ADMINS), "down pages.overview")
    press(editor, page, "save")
    page = press(editor, editor.get(ADMINS), "reset")
    assert order(page) == own
    assert order(editor.get(ADMINS)) != own
    press(editor, page, "save")
    assert order(editor.get(ADMINS)) == own


@pytest.mark.parametrize("key", ["pages.menu", "content-pages"])
def test_a_forged_form_cannot_hide_what_is_mandatory(editor: Visitor, key: str) -> None:
    given = fields(editor.get(ADMINS))
    refused = editor.post(ADMINS, {**given, "hidden": [key], "do": "save"})
    assert refused.status_code == 409
    assert "cannot be hidden" in refused.text
    assert "menu" in menu(editor.get("/admin/acme/"))


def test_a_menu_that_somebody_else_saved_is_shown_with_what_changed(editor: Visitor) -> None:
    mine = editor.get(ADMINS)
    press(editor, press(editor, mine, "hide reports"), "save")
    refused = press(editor, press(editor, mine, "down pages.overview"), "save")
    assert refused.status_code == 409
    assert "Somebody else saved this menu" in refused.text
    assert "Reports is hidden" in refused.text
    assert press(editor, refused, "save").status_code == 303
    assert "reports" in menu(editor.get("/admin/acme/"))


def test_items_of_modules_that_are_off_are_shown_as_off(editor: Visitor) -> None:
    text = editor.get(ADMINS).text
    item = text[text.index('data-testid="item-payment-gateways"') :].partition("</li>")[0]
    assert ">off</span>" in item
    preview = text[text.index('data-testid="preview"') :].partition("</section>")[0]
    assert "Payment gateways" not in preview
    assert "Reports" in preview


def test_the_menu_of_vendors_is_another_one(editor: Visitor) -> None:
    page = editor.get(VENDORS)
    assert order(page)[:2] == ["home.index", "home.catalog"]
    press(editor, press(editor, page, "down home.index", VENDORS), "save", VENDORS)
    assert order(editor.get(VENDORS))[0] == "home.catalog"
    assert order(editor.get(ADMINS))[0] == "pages.overview"


def test_with_htmx_saving_answers_the_editor_the_menu_and_one_sentence(editor: Visitor) -> None:
    page = press(editor, editor.get(ADMINS), "hide reports", HX_Request="true")
    assert "<html" not in page.text
    saved = press(editor, page, "save", HX_Request="true")
    assert saved.status_code == 200
    assert re.findall(r'<hx-partial hx-target="([^"]+)"', saved.text) == ["#menu-page", "#nav-groups", "#toasts"]
    assert 'data-testid="menu-reports"' not in saved.text
    assert "data-unsaved" not in saved.text
    again = press(editor, saved, "save", HX_Request="true")
    assert "There was nothing to save" in again.text


def test_a_viewer_sees_it_disabled_and_is_told_the_permission(console_app: Flask, acme: PlatformView) -> None:
    viewer = log_in(console_app, Role.PLATFORM_VIEWER, platform=acme)
    page = viewer.get(ADMINS)
    assert "menu.manage" in page.text
    assert 'data-testid="save-menu"' not in page.text
    buttons = re.findall(r"<button[^>]*>", page.text[page.text.index('id="menu-form"') :].partition("</form>")[0])
    assert buttons
    assert all("disabled" in button for button in buttons)
    refused = viewer.post(ADMINS, {"do": "save"}, Accept="application/json")
    assert refused.status_code == 403
    assert refused.get_json()["error"]["details"] == {"permission": "menu.manage"}


@pytest.mark.parametrize(
    "wrong",
    [{"seen": "{"}, {"seen": "[1]"}, {"seen": '[["a"]]'}, {"group": ["x *console"]}, {"at": ["x y"]}],
)
def test_a_form_that_is_not_ours_is_refused(editor: Visitor, wrong: dict[str, object]) -> None:
    given = {**fields(editor.get(ADMINS)), "do": "save", **wrong}
    assert editor.post(ADMINS, given).status_code == 400


def test_a_foreign_platform_is_an_unknown_address(console_app: Flask, editor: Visitor) -> None:
    make_platform(console_app, "globex", "Globex")
    for answer in (editor.get("/admin/globex/menu"), editor.post("/admin/globex/menu", {"do": "save"})):
        assert answer.status_code == 404


def test_what_was_seen_is_the_stored_menu(editor: Visitor) -> None:
    page = editor.get(ADMINS)
    (seen,) = fields(page)["seen"]
    assert [key for key, _group, _hidden in json.loads(seen)] == order(page)
