"""A server that fails, is slow or cannot be reached: the page says so, shows nothing untrue, and reads itself again."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import OpenTab
from tests.browser.served import Served
from tests.browser.tabs import Tab

LOST = ("net::ERR_INTERNET_DISCONNECTED", "htmx: htmx:error")


def forgive(tab: Tab, *texts: str) -> None:
    """Drop the complaints that the test caused on purpose."""
    tab.complaints = [each for each in tab.complaints if not any(text in each for text in texts)]


def test_what_changed_while_the_connection_was_lost_is_read_again(tab: OpenTab, served: Served) -> None:
    served.switch("acme", "billing", on=False)
    admin = tab("admin@acme.test")
    admin.go("/admin/acme/modules")
    analytics, billing = admin.test_id("toggle-analytics"), admin.test_id("toggle-billing")
    before = str(analytics.get_attribute("aria-checked"))
    admin.page.context.set_offline(True)
    analytics.click()
    expect(admin.page.locator('[data-kind="offline"]')).to_be_visible()
    expect(analytics).to_have_attribute("aria-checked", before)
    served.switch("acme", "billing", on=True)
    expect(billing).to_have_attribute("aria-checked", "false")
    admin.page.context.set_offline(False)
    expect(billing).to_have_attribute("aria-checked", "true")
    expect(admin.test_id("menu-subscriptions")).to_be_visible()
    expect(admin.page.locator('[data-kind="back"]')).to_be_visible()
    expect(admin.page.locator('[data-kind="offline"]')).to_have_count(0)
    expect(analytics).to_have_attribute("aria-checked", before)
    expect(analytics).to_be_focused()
    forgive(admin, *LOST)


def test_what_somebody_typed_outlives_the_trouble(tab: OpenTab) -> None:
    admin = tab("root@example.test")
    admin.go("/account")
    name = admin.page.locator("[name=name]")
    name.fill("Typed before")
    admin.page.evaluate("window.mark = 1")
    admin.page.context.set_offline(True)
    admin.page.evaluate("() => { htmx.ajax('GET', '/account', {source: 'body', swap: 'none'}) }")
    expect(admin.page.locator('[data-kind="offline"]')).to_be_visible()
    admin.page.context.set_offline(False)
    expect(admin.page.locator('[data-kind="back"]')).to_be_visible()
    expect(name).to_have_value("Typed before")
    assert admin.page.evaluate("window.mark") == 1
    forgive(admin, *LOST)


def test_a_failure_is_said_inside_the_open_plan_and_can_be_dismissed(tab: OpenTab, served: Served) -> None:
    served.switch("acme", "payments", on=False)
    admin = tab("admin@acme.test")
    admin.expected.add(500)
    admin.go("/admin/acme/modules")
    admin.test_id("toggle-orders").click()
    admin.page.route("**/orders/enable", lambda route: route.fulfill(status=500, headers={"X-Request-Id": "abc123"}))
    admin.test_id("plan-confirm").click()
    toast = admin.page.locator("dialog .toast")
    expect(toast).to_contain_text("nothing was saved")
    expect(toast).to_contain_text("abc123")
    toast.get_by_role("button").click()
    expect(toast).to_have_count(0)
    admin.page.keyboard.press("Escape")
    expect(admin.test_id("toggle-orders")).to_be_focused()
    expect(admin.test_id("toggle-orders")).to_have_attribute("aria-checked", "false")
