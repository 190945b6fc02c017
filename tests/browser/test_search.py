"""Search and keyboard help by the keyboard alone: what is pressed, where the focus is, what is announced."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import OpenTab
from tests.browser.tabs import Tab


def opened(admin: Tab) -> None:
    """Open the dialog by its keys; before htmx has seen the link, they lead to the page instead."""
    expect(admin.page.locator("#search-open[data-htmx-powered]")).to_be_visible()
    admin.page.keyboard.press("Control+k")
    expect(admin.test_id("search-field")).to_be_focused()


def test_the_search_is_used_with_the_keyboard_alone(tab: OpenTab) -> None:
    admin = tab("admin@acme.test")
    admin.go("/admin/acme/audit")
    admin.page.locator("#search-open").focus()
    opened(admin)
    field, status = admin.test_id("search-field"), admin.page.locator("#search-status")
    admin.check_accessible()
    admin.page.keyboard.type("orders")
    expect(status).to_have_text("3 results")
    expect(field).to_have_attribute("aria-activedescendant", "hit-modules-1")
    admin.page.keyboard.press("ArrowDown")
    chosen = field.get_attribute("aria-activedescendant")
    assert chosen is not None
    assert chosen != "hit-modules-1"
    expect(admin.page.locator(f"#{chosen}")).to_have_attribute("aria-selected", "true")
    expect(admin.page.locator('#search-hits [aria-selected="true"]')).to_have_count(1)
    expect(field).to_be_focused()
    admin.check_accessible()
    admin.page.keyboard.press("ArrowUp")
    expect(field).to_have_attribute("aria-activedescendant", "hit-modules-1")
    admin.page.keyboard.press("Escape")
    expect(field).to_have_count(0)
    expect(admin.page.locator("#search-open")).to_be_focused()
    opened(admin)
    admin.page.keyboard.type("orders")
    expect(status).to_have_text("3 results")
    admin.page.keyboard.press("Enter")
    admin.page.wait_for_url("**/admin/acme/modules/orders")


def test_what_is_not_there_is_said_and_enter_leads_to_the_page(tab: OpenTab) -> None:
    admin = tab("admin@acme.test", viewport={"width": 360, "height": 740})
    admin.go("/admin/acme/")
    opened(admin)
    admin.page.keyboard.type("nowhere to be found")
    expect(admin.page.get_by_text("Nothing found")).to_be_visible()
    expect(admin.page.locator("#search-status")).to_have_text("0 results")
    admin.check_accessible()
    admin.page.keyboard.press("Enter")
    admin.page.wait_for_url("**/admin/acme/search?q=nowhere**")
    expect(admin.page.get_by_role("heading", name="Search")).to_be_visible()
    admin.page.locator("body").press("/")
    expect(admin.test_id("search-words")).to_be_focused()


def test_keys_are_left_alone_while_somebody_types_and_over_a_dialog(tab: OpenTab) -> None:
    admin = tab("admin@acme.test")
    admin.go("/admin/acme/vendors")
    name = admin.page.get_by_label("Name")
    name.press_sequentially("What/why?")
    expect(name).to_have_value("What/why?")
    expect(admin.page.locator("dialog")).to_have_count(0)
    admin.page.locator("body").press("Control+Shift+k")
    admin.page.locator("body").press("Alt+/")
    expect(admin.page.locator("dialog")).to_have_count(0)
    admin.page.locator("#search-open").focus()
    admin.page.keyboard.press("/")
    expect(admin.test_id("search-field")).to_be_focused()
    admin.page.keyboard.press("Escape")
    admin.go("/admin/acme/modules/orders")
    admin.test_id("toggle-orders").click()
    expect(admin.test_id("plan")).to_be_visible()
    admin.page.keyboard.press("Control+k")
    admin.page.keyboard.press("?")
    expect(admin.test_id("plan")).to_be_visible()
    expect(admin.page.locator("dialog")).to_have_count(1)


def test_the_question_mark_opens_the_keyboard_help(tab: OpenTab) -> None:
    owner = tab("owner@blue-bottle.test")
    owner.go("/vendor/blue-bottle/")
    owner.test_id("keyboard-open").focus()
    owner.page.keyboard.press("?")
    expect(owner.test_id("keyboard")).to_be_visible()
    expect(owner.page.locator("#keyboard-close")).to_be_focused()
    owner.check_accessible()
    owner.page.keyboard.press("Escape")
    expect(owner.test_id("keyboard-open")).to_be_focused()


def test_without_scripts_search_help_and_language_are_pages(tab: OpenTab) -> None:
    visitor = tab(java_script_enabled=False)
    visitor.go("/login")
    visitor.test_id("language-fr").click()
    expect(visitor.page.locator("html")).to_have_attribute("lang", "fr")
    visitor.test_id("language-en").click()
    expect(visitor.page.locator("html")).to_have_attribute("lang", "en")
    admin = tab("admin@acme.test", java_script_enabled=False)
    admin.go("/admin/acme/")
    admin.test_id("search-open").click()
    admin.test_id("search-words").fill("blue")
    admin.page.locator("#search-go").click()
    expect(admin.test_id("hit-vendors")).to_have_text("Blue Bottle BooksAcme Market")
    admin.test_id("keyboard-open").click()
    expect(admin.page.get_by_role("heading", name="Keyboard help")).to_be_visible()
