"""The same journey with JavaScript switched off: every switch is a form, every plan a page."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import OpenTab
from tests.support.waiting import until


def test_the_journey_works_without_javascript(tab: OpenTab) -> None:
    admin = tab("admin@acme.test", java_script_enabled=False)
    admin.go("/admin/acme/modules")
    admin.test_id("toggle-orders").click()
    expect(admin.test_id("plan")).to_contain_text("required by Orders")
    admin.test_id("plan-confirm").click()
    expect(admin.page.get_by_role("heading", level=1)).to_contain_text("Enable Orders")
    assert "/admin/acme/operations/" in admin.page.url

    def is_done() -> bool:
        admin.page.reload()
        return admin.page.locator('[data-testid="step-orders"][data-state="succeeded"]').count() == 1

    assert until(is_done)
    admin.go("/admin/acme/modules")
    expect(admin.test_id("module-row-orders")).to_have_attribute("data-look", "on")
    admin.test_id("toggle-payments").click()
    expect(admin.test_id("plan-step-orders")).to_contain_text("requires Payments")
    admin.test_id("plan-cancel").click()
    expect(admin.test_id("module-row-payments")).to_have_attribute("data-look", "on")


def test_a_search_and_a_tab_are_plain_addresses(tab: OpenTab) -> None:
    admin = tab("admin@acme.test", java_script_enabled=False)
    admin.go("/admin/acme/modules")
    admin.page.get_by_label("Search modules").fill("order")
    admin.page.keyboard.press("Enter")
    expect(admin.test_id("module-row-orders")).to_be_visible()
    expect(admin.test_id("module-row-billing")).to_have_count(0)
    admin.go("/admin/acme/modules")
    admin.test_id("tab-core").click()
    expect(admin.test_id("module-row-cms")).to_be_visible()
    expect(admin.test_id("module-row-orders")).to_have_count(0)
