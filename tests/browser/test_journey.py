"""The main job in a real browser: switch a module on by its plan, watch it, use it, switch it off, find it again."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import OpenTab
from tests.browser.served import Served
from tests.browser.tabs import Tab


def wait_for_look(tab: Tab, code: str, look: str) -> None:
    expect(tab.test_id(f"module-row-{code}")).to_have_attribute("data-look", look)


def count_on(tab: Tab) -> int:
    return int(tab.test_id("count-on").inner_text().split()[0])


def confirm(tab: Tab) -> None:
    tab.test_id("plan-confirm").click()
    expect(tab.page.locator("dialog")).to_have_count(0)


def test_an_admin_enables_orders_and_a_vendor_orders_with_them(tab: OpenTab, served: Served) -> None:
    served.switch("acme", "payments", on=False)
    admin = tab("admin@acme.test")
    admin.go("/admin/acme/modules")
    admin.check_accessible()
    before = count_on(admin)
    marker = "still the same document"
    admin.page.evaluate("text => { window.mark = text }", marker)

    admin.test_id("toggle-orders").click()
    plan = admin.test_id("plan")
    expect(plan).to_contain_text("required by Orders")
    expect(plan.get_by_test_id("plan-step-payments")).to_be_visible()
    expect(admin.test_id("plan-impact")).to_contain_text("3 vendors")
    expect(admin.test_id("plan-impact")).to_contain_text("Orders")
    admin.check_accessible()
    confirm(admin)

    expect(admin.test_id("toast").first).to_be_visible()
    wait_for_look(admin, "payments", "on")
    wait_for_look(admin, "orders", "on")
    expect(admin.test_id("count-on")).to_contain_text(str(before + 2))
    expect(admin.test_id("menu-orders")).to_be_visible()
    expect(admin.test_id("toggle-orders")).to_have_attribute("aria-checked", "true")
    expect(admin.test_id("toggle-orders")).to_be_focused()
    assert admin.page.evaluate("window.mark") == marker

    vendor = tab("owner@blue-bottle.test")
    vendor.go("/vendor/blue-bottle/")
    expect(vendor.test_id("card-orders")).to_be_visible()
    vendor.check_accessible()
    add_method(vendor, "House account")
    create_order(vendor, "Ada Lovelace")
    vendor.check_accessible()


def add_method(vendor: Tab, label: str) -> None:
    vendor.go("/vendor/blue-bottle/payments/")
    form = vendor.test_id("method-form")
    form.locator("[name=label]").fill(label)
    form.locator("[name=last_four]").fill("4242")
    form.get_by_role("button").click()
    expect(vendor.page.get_by_role("rowheader", name=label)).to_be_visible()


def create_order(vendor: Tab, customer: str) -> None:
    vendor.go("/vendor/blue-bottle/orders/new")
    form = vendor.test_id("order-form")
    form.locator("[name=customer]").fill(customer)
    form.locator("[name=total]").fill("12.50")
    form.get_by_role("button").click()
    expect(vendor.page.get_by_text(customer).first).to_be_visible()


def test_what_is_off_explains_itself_at_home_and_is_unknown_elsewhere(tab: OpenTab) -> None:
    stranger = tab("owner@gear-lab.test")
    stranger.expected.add(404)
    assert stranger.go("/vendor/gear-lab/orders/").status == 404
    expect(stranger.page.get_by_role("heading", level=1)).to_contain_text("Orders is switched off")
    stranger.check_accessible()
    elsewhere = stranger.go("/vendor/blue-bottle/orders/")
    assert elsewhere.status == 404
    expect(stranger.page.get_by_role("heading", level=1)).to_contain_text("There is nothing at this address")


def test_disabling_payments_names_orders_keeps_the_data_and_brings_it_back(tab: OpenTab, served: Served) -> None:
    served.switch("acme", "orders", on=True)
    admin, vendor = tab("admin@acme.test"), tab("owner@blue-bottle.test")
    add_method(vendor, "Second account")
    create_order(vendor, "Grace Hopper")
    admin.go("/admin/acme/modules")
    admin.test_id("toggle-payments").click()
    expect(admin.test_id("plan-step-orders")).to_contain_text("requires Payments")
    expect(admin.test_id("plan-impact")).to_contain_text("kept")
    expect(admin.test_id("plan-cancel")).to_be_focused()
    confirm(admin)
    wait_for_look(admin, "orders", "off")
    wait_for_look(admin, "payments", "off")

    vendor.expected.add(404)
    assert vendor.go("/vendor/blue-bottle/orders/").status == 404
    assert vendor.go("/vendor/blue-bottle/payments/").status == 404

    admin.test_id("toggle-orders").click()
    confirm(admin)
    wait_for_look(admin, "orders", "on")
    assert vendor.go("/vendor/blue-bottle/orders/").status == 200
    expect(vendor.page.get_by_text("Grace Hopper").first).to_be_visible()


def test_cancelling_a_plan_changes_nothing_and_gives_the_focus_back(tab: OpenTab, served: Served) -> None:
    served.switch("acme", "orders", on=True)
    admin = tab("admin@acme.test")
    admin.go("/admin/acme/modules")
    toggle = admin.test_id("toggle-payments")
    for close in ("Escape", "plan-cancel"):
        toggle.click()
        expect(admin.test_id("plan")).to_be_visible()
        if close == "Escape":
            admin.page.keyboard.press(close)
        else:
            admin.test_id(close).click()
        expect(admin.page.locator("dialog")).to_have_count(0)
        expect(toggle).to_be_focused()
        expect(toggle).to_have_attribute("aria-checked", "true")
