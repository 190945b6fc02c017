"""Arranging a menu, asking for a module and answering, as a browser does it: by mouse, by keyboard, without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenTab
from tests.browser.served import Served
from tests.browser.tabs import Tab

MENU = "/admin/acme/menu"
TALL: dict[str, object] = {"viewport": {"width": 1280, "height": 1500}}
"""Nothing scrolls between picking up and letting go."""


@pytest.fixture(autouse=True)
def _own_order(served: Served, tab: OpenTab) -> Iterator[None]:
    """Each test begins and ends with the modules' own order, and with orders off."""
    served.switch("acme", "orders", on=False)
    yield
    admin = tab("admin@acme.test", java_script_enabled=False)
    admin.go(MENU)
    admin.test_id("reset-menu").click()
    admin.test_id("save-menu").click()


def order(tab: Tab) -> list[str]:
    """The items as they stand in the editor."""
    return [
        str(each.get_attribute("data-testid")).removeprefix("item-") for each in tab.page.locator(".arrange li").all()
    ]


def first_links(tab: Tab) -> list[str]:
    """The first links of the sidebar."""
    return [each.inner_text() for each in tab.page.locator("#nav-groups a").all()[:2]]


def test_an_item_is_dragged_to_another_group_and_saved(tab: OpenTab) -> None:
    admin = tab("admin@acme.test", **TALL)
    admin.go(MENU)
    admin.test_id("new-group").click()
    admin.test_id("name-2").fill("Sales")
    admin.test_id("item-reports").drag_to(admin.test_id("group-2"))
    expect(admin.test_id("group-2")).to_contain_text("Reports")
    expect(admin.test_id("preview")).to_contain_text("Sales")
    expect(admin.page.locator("#nav-groups")).not_to_contain_text("Sales")
    admin.test_id("item-pages-audit").drag_to(admin.test_id("item-pages-overview"), target_position={"x": 90, "y": 3})
    expect(admin.page.locator(".arrange li").first).to_have_attribute("data-testid", "item-pages-audit")
    admin.test_id("save-menu").click()
    expect(admin.test_id("toast")).to_contain_text("The menu is saved")
    expect(admin.page.get_by_role("navigation", name="Sales")).to_contain_text("Reports")
    assert first_links(admin) == ["Audit", "Overview"]
    expect(admin.test_id("save-menu")).to_be_focused()
    admin.check_accessible()


def test_the_keyboard_moves_and_hides_and_never_loses_its_place(tab: OpenTab) -> None:
    admin = tab("admin@acme.test")
    admin.go(MENU)
    admin.test_id("down-pages-overview").focus()
    for place in (2, 3):
        admin.page.keyboard.press("Enter")
        expect(admin.page.locator(".arrange li").nth(place - 1)).to_have_attribute("data-testid", "item-pages-overview")
        expect(admin.test_id("down-pages-overview")).to_be_focused()
    admin.test_id("hide-reports").focus()
    admin.page.keyboard.press("Space")
    expect(admin.test_id("item-reports")).to_contain_text("hidden")
    expect(admin.test_id("hide-reports")).to_be_focused()
    expect(admin.test_id("hide-reports")).to_have_attribute("aria-label", "Show Reports")
    expect(admin.test_id("menu-reports")).to_be_visible()
    admin.test_id("save-menu").press("Enter")
    expect(admin.test_id("menu-reports")).to_have_count(0)
    assert admin.go("/admin/acme/analytics/reports").status == 200


def test_a_drag_that_is_let_go_elsewhere_changes_nothing(tab: OpenTab) -> None:
    admin = tab("admin@acme.test", **TALL)
    admin.go(MENU)
    before = order(admin)
    admin.test_id("item-reports").drag_to(admin.page.locator("h1"))
    assert order(admin) == before
    expect(admin.page.locator("form[data-unsaved]")).to_have_count(0)


def test_the_menu_is_arranged_without_javascript(tab: OpenTab) -> None:
    admin = tab("admin@acme.test", java_script_enabled=False)
    admin.go(MENU)
    admin.test_id("down-pages-overview").click()
    expect(admin.test_id("down-pages-overview")).to_be_focused()
    admin.test_id("save-menu").click()
    expect(admin.test_id("toast")).to_contain_text("The menu is saved")
    assert first_links(admin) == ["Modules", "Overview"]


def test_two_admins_at_one_menu_learn_of_each_other(tab: OpenTab) -> None:
    one, other = tab("admin@acme.test"), tab("root@example.test")
    one.expected.add(409)
    for each in (one, other):
        each.go(MENU)
    other.test_id("hide-reports").click()
    expect(other.test_id("item-reports")).to_contain_text("hidden")
    other.test_id("save-menu").click()
    expect(other.test_id("toast")).to_be_visible()
    one.test_id("down-pages-overview").click()
    expect(one.page.locator(".arrange li").first).to_have_attribute("data-testid", "item-pages-modules")
    one.test_id("save-menu").click()
    expect(one.page.locator("#menu-form")).to_contain_text("Reports is hidden")
    expect(one.page.locator(".arrange li").first).to_have_attribute("data-testid", "item-pages-modules")
    one.test_id("save-menu").click()
    expect(one.test_id("menu-reports")).to_be_visible()


def test_a_request_goes_from_the_page_that_is_off_to_the_answer(served: Served, tab: OpenTab) -> None:
    owner, admin = tab("owner@blue-bottle.test"), tab("admin@acme.test")
    owner.expected.add(404)
    admin.expected.add(422)
    owner.go("/vendor/blue-bottle/orders/")
    owner.check_accessible()
    owner.test_id("ask-note").fill("We ship from two places.")
    owner.test_id("ask-orders").click()
    expect(owner.test_id("asked")).to_contain_text("We ship from two places.")
    owner.test_id("withdraw-orders").click()
    expect(owner.page.locator("#h-module")).to_be_focused()
    owner.test_id("ask-orders").click()
    expect(owner.test_id("asked")).to_be_visible()
    admin.go("/admin/acme/requests")
    expect(admin.test_id("menu-requests")).to_contain_text("1")
    admin.check_accessible()
    admin.page.locator("details.more summary").first.click()
    admin.page.get_by_label("Why not").fill(" ")
    admin.page.get_by_role("button", name="Decline the request").click()
    expect(admin.page.get_by_role("alert")).to_contain_text("Say why")
    admin.page.get_by_label("Why not").fill("Next spring.")
    admin.page.get_by_role("button", name="Decline the request").click()
    expect(admin.test_id("toast")).to_contain_text("declined")
    expect(admin.page.locator("#h-answered")).to_be_focused()
    expect(admin.test_id("menu-requests")).not_to_contain_text("1")
    owner.page.reload()
    expect(owner.test_id("declined")).to_contain_text("Next spring.")
    owner.test_id("ask-orders").click()
    expect(owner.test_id("asked")).to_be_visible()
    served.switch("acme", "orders", on=True)
    owner.go("/vendor/blue-bottle/")
    expect(owner.test_id("told-orders")).to_have_attribute("data-answer", "granted")
    expect(owner.test_id("card-orders")).to_contain_text("New")
    owner.check_accessible()
