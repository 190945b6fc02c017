"""What the page script adds: the search key, the theme, and that a double click is one."""

from __future__ import annotations

import re

from playwright.sync_api import Route, expect

from tests.browser.conftest import OpenTab
from tests.browser.served import Served
from tests.support.waiting import until


def test_slash_goes_to_the_search_and_typing_filters(tab: OpenTab) -> None:
    admin = tab("admin@acme.test")
    admin.go("/admin/acme/modules")
    admin.page.keyboard.press("/")
    search = admin.page.get_by_label("Search modules")
    expect(search).to_be_focused()
    admin.page.keyboard.type("pay")
    expect(admin.test_id("module-row-analytics")).to_have_count(0)
    expect(admin.test_id("module-row-payments")).to_be_visible()
    expect(search).to_be_focused()
    expect(search).to_have_value("pay")
    assert "q=pay" in admin.page.url


def test_the_theme_is_chosen_once_and_stays(tab: OpenTab) -> None:
    admin = tab("admin@acme.test", color_scheme="dark")
    admin.go("/admin/acme/")
    switch = admin.page.locator("#theme-switch")
    expect(switch).to_have_attribute("data-choice", "system")
    switch.click()
    expect(admin.page.locator("html")).to_have_attribute("data-theme", "light")
    admin.page.reload()
    expect(admin.page.locator("html")).to_have_attribute("data-theme", "light")
    switch.click()
    switch.click()
    admin.page.reload()
    expect(admin.page.locator("#theme-switch")).to_have_attribute("data-choice", "system")


def test_a_double_click_is_one_change_and_one_audit_entry(tab: OpenTab, served: Served) -> None:
    served.switch("acme", "analytics", on=True)
    admin = tab("admin@acme.test")
    admin.go("/admin/acme/audit?q=analytics")
    entries = admin.page.locator("main .feed li")
    before = entries.count()
    admin.go("/admin/acme/modules")
    sent: list[str] = []
    admin.page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    toggle, mouse = admin.test_id("toggle-analytics"), admin.page.mouse
    toggle.hover()
    mouse.down()
    mouse.up()
    expect(toggle).to_have_attribute("aria-checked", "false")
    mouse.down(click_count=2)
    mouse.up(click_count=2)
    toggle.dblclick()
    expect(toggle).to_have_attribute("aria-checked", "true")
    admin.go("/admin/acme/modules")
    expect(toggle).to_have_attribute("aria-checked", "true")
    assert len(sent) == 2
    admin.go("/admin/acme/audit?q=analytics")
    expect(entries).to_have_count(before + 2)


def test_a_switch_shows_nothing_before_the_server_has_it(tab: OpenTab, served: Served) -> None:
    served.switch("acme", "analytics", on=True)
    admin = tab("admin@acme.test")
    admin.go("/admin/acme/modules")
    toggle, held = admin.test_id("toggle-analytics"), list[Route]()

    def hold(route: Route) -> None:
        held.append(route)

    admin.page.route("**/analytics/disable", hold)
    toggle.click()
    assert until(lambda: admin.page.evaluate("1") and held)
    expect(toggle).to_have_attribute("aria-checked", "true")
    other = tab("root@example.test")
    other.go("/admin/acme/modules")
    expect(other.test_id("toggle-analytics")).to_have_attribute("aria-checked", "true")
    held.pop().continue_()
    expect(toggle).to_have_attribute("aria-checked", "false")
    other.page.reload()
    expect(other.test_id("toggle-analytics")).to_have_attribute("aria-checked", "false")


def test_a_viewer_sees_switches_that_say_what_is_missing(tab: OpenTab) -> None:
    viewer = tab("viewer@acme.test")
    viewer.go("/admin/acme/modules")
    expect(viewer.test_id("module-row-orders")).to_be_visible()
    switches = viewer.page.get_by_role("switch").all()
    assert len(switches) > 0
    for switch in switches:
        expect(switch).to_be_disabled()
    expect(viewer.test_id("toggle-orders")).to_have_attribute("title", re.compile(r"modules\.toggle"))
    viewer.expected.add(403)
    assert viewer.go("/admin/acme/modules/orders/enable").status == 403
    expect(viewer.page.get_by_text("modules.toggle")).to_be_visible()


def test_a_health_check_can_be_asked_for_and_its_report_arrives(tab: OpenTab) -> None:
    admin = tab("admin@acme.test")
    admin.go("/admin/acme/modules/cms/health")
    admin.page.locator("#health-run").click()
    admin.page.wait_for_url("**/health?since=*")
    expect(admin.page.locator("#health-run")).to_have_text("Check now")
    expect(admin.test_id("health-cms")).to_contain_text("Healthy")
