"""What the page script adds: the search key, the theme, honest words when the server does not answer."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import OpenTab


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


def test_a_switch_that_does_not_reach_the_server_stays_and_says_so(tab: OpenTab) -> None:
    admin = tab("admin@acme.test")
    admin.go("/admin/acme/modules")
    toggle = admin.test_id("toggle-analytics")
    before = toggle.get_attribute("aria-checked")
    admin.page.context.set_offline(True)
    toggle.click()
    expect(admin.page.locator('[data-kind="offline"]')).to_be_visible()
    expect(toggle).to_have_attribute("aria-checked", str(before))
    admin.page.context.set_offline(False)
    admin.complaints = [each for each in admin.complaints if "ERR_INTERNET_DISCONNECTED" not in each]
    admin.complaints = [each for each in admin.complaints if "htmx:error" not in each]


def test_the_second_of_a_slow_double_click_does_not_undo_the_first(tab: OpenTab) -> None:
    admin = tab("admin@acme.test")
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
    admin.go("/admin/acme/modules")
    expect(toggle).to_have_attribute("aria-checked", "false")
    assert len(sent) == 1


def test_a_viewer_sees_states_but_no_switches(tab: OpenTab) -> None:
    viewer = tab("viewer@acme.test")
    viewer.go("/admin/acme/modules")
    expect(viewer.test_id("module-row-orders")).to_be_visible()
    expect(viewer.page.get_by_role("switch")).to_have_count(0)
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
