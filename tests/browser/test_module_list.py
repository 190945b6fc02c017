"""The list under the hand: the row's menu, a selection, the way back in the corner, and nothing that jumps."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import OpenTab
from tests.browser.served import Served
from tests.browser.tabs import Tab

LIST = "/admin/acme/modules"
PLACES = """() => ["#counters", "#filters", "#module-tabs", "thead"].map(each => {
    const { x, y, width } = document.querySelector(each).getBoundingClientRect();
    return [each, x, y, width];
})"""


def look(tab: Tab, code: str, state: str) -> None:
    expect(tab.test_id(f"module-row-{code}")).to_have_attribute("data-look", state)


def test_undo_in_the_corner_takes_a_direct_switch_back_and_keeps_the_focus(tab: OpenTab, served: Served) -> None:
    served.switch("acme", "analytics", on=False)
    admin = tab("admin@acme.test")
    admin.go(LIST)
    admin.test_id("toggle-analytics").focus()
    admin.page.keyboard.press("Space")
    look(admin, "analytics", "on")
    expect(admin.test_id("toggle-analytics")).to_be_focused()
    admin.check_accessible()
    admin.test_id("toast-undo").focus()
    admin.page.keyboard.press("Enter")
    look(admin, "analytics", "off")
    expect(admin.test_id("toast-undo")).to_have_count(0)
    expect(admin.test_id("toast")).to_contain_text("Analytics & Reports is off")
    expect(admin.test_id("toggle-analytics")).to_be_focused()


def test_the_corner_says_how_an_operation_ended_and_undo_restores_all_of_it(tab: OpenTab, served: Served) -> None:
    served.switch("acme", "payments", on=False)
    admin = tab("admin@acme.test")
    admin.go(LIST)
    admin.test_id("toggle-orders").click()
    admin.test_id("plan-confirm").click()
    look(admin, "orders", "on")
    expect(admin.test_id("toast")).to_have_count(1)
    expect(admin.test_id("toast")).to_contain_text("Orders is on, and 1 more")
    admin.test_id("toast-undo").click()
    look(admin, "orders", "off")
    look(admin, "payments", "off")


def test_a_selection_has_a_count_one_plan_and_a_way_to_clear_it(tab: OpenTab, served: Served) -> None:
    for code in ("analytics", "billing"):
        served.switch("acme", code, on=False)
    admin = tab("admin@acme.test")
    admin.go(LIST)
    bar = admin.page.locator("#bulk")
    expect(bar).to_be_hidden()
    for name in ("Analytics & Reports", "Billing"):
        admin.page.get_by_label(f"Select {name}").check()
    expect(bar).to_be_visible()
    assert admin.page.locator("#bulk-count b").evaluate("b => getComputedStyle(b, '::before').content") == "counter(n)"
    admin.check_accessible()
    admin.test_id("bulk-clear").click()
    expect(bar).to_be_hidden()
    expect(admin.page.get_by_label("Select Analytics & Reports")).to_be_focused()
    admin.page.get_by_label("Select all shown").check()
    admin.page.get_by_label("Select all shown").uncheck()
    expect(bar).to_be_hidden()
    for name in ("Analytics & Reports", "Billing"):
        admin.page.get_by_label(f"Select {name}").check()
    admin.test_id("bulk-on").click()
    expect(admin.test_id("plan")).to_contain_text("Enable 2 modules")
    admin.test_id("plan-confirm").click()
    look(admin, "analytics", "on")
    look(admin, "billing", "on")
    expect(bar).to_be_hidden()


def test_a_selection_outlives_filters_and_tabs_and_goes_into_one_plan(tab: OpenTab, served: Served) -> None:
    for code in ("analytics", "billing"):
        served.switch("acme", code, on=False)
    admin = tab("admin@acme.test", viewport={"width": 360, "height": 740})
    admin.go(LIST)
    bar, elsewhere = admin.page.locator("#bulk"), admin.page.locator("#bulk-hidden")
    admin.page.get_by_label("Select Analytics & Reports").check()
    expect(elsewhere).to_be_hidden()
    admin.page.locator("#q").fill("billing")
    expect(admin.test_id("module-row-analytics")).to_have_count(0)
    expect(bar).to_be_visible()
    expect(elsewhere.locator("b")).to_have_attribute("data-count", "1")
    admin.page.get_by_label("Select Billing").check()
    admin.check_accessible()
    admin.check_fits()
    admin.test_id("tab-core").click()
    expect(elsewhere.locator("b")).to_have_attribute("data-count", "2")
    admin.test_id("bulk-on").click()
    expect(admin.test_id("plan")).to_contain_text("Enable 2 modules")
    admin.test_id("plan-confirm").click()
    expect(admin.test_id("toast")).to_contain_text("are on")
    expect(bar).to_be_hidden()
    admin.go(LIST)
    look(admin, "analytics", "on")
    expect(admin.page.get_by_label("Select Billing")).not_to_be_checked()
    expect(bar).to_be_hidden()


def test_a_selection_works_without_scripts(tab: OpenTab, served: Served) -> None:
    served.switch("acme", "analytics", on=True)
    admin = tab("admin@acme.test", java_script_enabled=False)
    admin.go(LIST)
    admin.page.get_by_label("Select Analytics & Reports").check()
    admin.page.locator("#bulk-keep").click()
    expect(admin.page.get_by_label("Select Analytics & Reports")).to_be_checked()
    admin.test_id("tab-core").click()
    expect(admin.page.locator("#bulk").get_by_label("Analytics & Reports")).to_be_checked()
    admin.test_id("bulk-off").click()
    expect(admin.test_id("plan-step-analytics")).to_be_visible()
    admin.test_id("plan-confirm").click()
    look(admin, "analytics", "off")
    admin.test_id("toast-undo").click()
    expect(admin.page.get_by_role("heading", level=1)).to_contain_text("Undo operation")
    admin.go(LIST)
    look(admin, "analytics", "on")
    admin.page.locator("#by-kind").select_option("core")
    admin.page.get_by_role("button", name="Apply").click()
    expect(admin.test_id("module-row-analytics")).to_have_count(0)
    admin.page.locator("#more-cms").click()
    expect(admin.test_id("module-menu").get_by_role("link", name="Configure")).to_be_visible()


def test_the_row_menu_opens_where_it_was_asked_for_and_gives_the_focus_back(tab: OpenTab, served: Served) -> None:
    served.switch("acme", "orders", on=False)
    admin = tab("admin@acme.test")
    admin.go(LIST)
    more = admin.page.locator("#more-orders")
    more.focus()
    admin.page.keyboard.press("Enter")
    menu = admin.page.locator("dialog.menu")
    expect(menu).to_be_visible()
    admin.check_accessible()
    button, box = more.bounding_box(), menu.bounding_box()
    assert button
    assert box
    assert abs(box["x"] + box["width"] - button["x"] - button["width"]) < 12
    admin.page.keyboard.press("Escape")
    expect(more).to_be_focused()
    more.click()
    admin.page.locator("#menu-switch").click()
    expect(admin.test_id("plan")).to_contain_text("required by Orders")
    admin.page.keyboard.press("Escape")
    expect(more).to_be_focused()


def test_a_plan_that_went_stale_says_in_place_what_is_different(tab: OpenTab, served: Served) -> None:
    served.switch("acme", "payments", on=False)
    admin = tab("admin@acme.test")
    admin.go(LIST)
    admin.expected.add(409)
    admin.test_id("toggle-orders").click()
    expect(admin.test_id("plan-step-payments")).to_be_visible()
    served.switch("acme", "payments", on=True)
    admin.test_id("plan-confirm").click()
    expect(admin.test_id("plan-changes")).to_contain_text("Payments is not part of it any more: it is on already.")
    expect(admin.test_id("plan-step-payments")).to_have_count(0)
    admin.check_accessible()
    admin.test_id("plan-cancel").click()
    look(admin, "orders", "off")


def test_filters_change_the_list_in_place_and_nothing_jumps(tab: OpenTab, served: Served) -> None:
    served.switch("acme", "analytics", on=False)
    admin = tab("admin@acme.test")
    admin.go(LIST)
    places = admin.page.evaluate(PLACES)
    admin.page.evaluate("() => { window.mark = 1 }")
    columns = admin.page.locator("thead th").evaluate_all("all => all.map(each => each.offsetWidth)")
    admin.test_id("toggle-analytics").click()
    look(admin, "analytics", "on")
    assert admin.page.evaluate(PLACES) == places
    admin.page.locator("#by-kind").focus()
    admin.page.locator("#by-kind").select_option("internal")
    expect(admin.test_id("module-row-dev-tools")).to_be_visible()
    expect(admin.test_id("module-row-orders")).to_have_count(0)
    expect(admin.page.locator("#by-kind")).to_be_focused()
    assert admin.page.url.endswith("?kind=internal")
    assert admin.page.locator("thead th").evaluate_all("all => all.map(each => each.offsetWidth)") == columns
    admin.page.locator("#by-group").check()
    expect(admin.page.get_by_role("rowheader", name="developers")).to_be_visible()
    assert admin.page.evaluate("window.mark") == 1
    assert admin.page.evaluate(PLACES) == places
    admin.page.reload()
    expect(admin.test_id("module-row-dev-tools")).to_be_visible()
    expect(admin.page.locator("#by-group")).to_be_checked()
