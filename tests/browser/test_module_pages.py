"""What one does on pages of the seven modules, with something on them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from console.services import platforms, vendors
from console.services.views import PlatformView, VendorView
from console.storage.uow import read_session
from console.testing import program, switch
from tests.browser.conftest import OpenTab
from tests.browser.served import Served


@pytest.fixture(scope="module")
def stocked(served: Served) -> Served:
    """Every module on for acme, and one of each thing at the vendor blue-bottle."""
    with served.app.app_context():
        row = platforms.by_slug(read_session(), "acme")
        platform = PlatformView(row.id, row.slug, row.name)
        shop = vendors.by_slug(read_session(), "blue-bottle")
        vendor = VendorView(shop.id, shop.slug, shop.name, platform.id, shop.created_at)
    for code in ("orders", "billing", "analytics", "dev-tools"):
        switch(served.app, platform.id, code, on=True)
    token = program(served.app, vendor=vendor)
    card = {"label": "Company card", "gateway": "card", "last_four": "4242"}
    method = token.send("POST", "/api/vendor/payments/methods", card).get_json()["method"]["id"]
    order = {"customer": "Ada Lovelace", "total": "19.90", "payment_method": int(method), "note": "by post"}
    assert token.send("POST", "/api/vendor/orders/orders", order).status_code == 201
    page = {"title": "Opening hours", "content": "<h2>Daily</h2><p>From <b>nine</b>.</p>"}
    assert token.send("POST", "/api/vendor/cms/pages", page).status_code == 201
    return served


def test_a_gateway_is_switched_in_place_and_keeps_the_focus(stocked: Served, tab: OpenTab) -> None:
    assert stocked.url
    admin = tab("admin@acme.test")
    admin.go("/admin/acme/payments/")
    admin.page.evaluate("() => { window.mark = 'the same document' }")
    for state in ("false", "true"):
        admin.test_id("switch-paypal").click()
        expect(admin.test_id("switch-paypal")).to_have_attribute("aria-checked", state)
        expect(admin.test_id("switch-paypal")).to_be_focused()
    assert admin.page.evaluate("window.mark") == "the same document"


@pytest.mark.parametrize("scripts", [True, False])
def test_what_cannot_be_taken_back_is_asked_first(stocked: Served, tab: OpenTab, *, scripts: bool) -> None:
    assert stocked.url
    owner = tab("owner@blue-bottle.test", java_script_enabled=scripts)
    owner.go("/vendor/blue-bottle/payments/")
    owner.page.get_by_label("Name").fill("Old card")
    owner.page.get_by_role("button", name="Add a payment method").click()
    row = owner.page.get_by_role("row", name="Old card")
    confirmed = row.get_by_role("button", name="Remove")
    expect(confirmed).to_be_hidden()
    row.locator("summary").click()
    expect(row).to_contain_text("Orders that were paid with it stay as they are.")
    confirmed.click()
    expect(owner.test_id("toast")).to_contain_text("Old card")
    expect(row).to_have_count(0)


def test_a_vendors_page_is_written_and_previewed_in_its_theme(stocked: Served, tab: OpenTab) -> None:
    assert stocked.url
    owner = tab("owner@blue-bottle.test")
    owner.go("/vendor/blue-bottle/cms/new")
    form = owner.test_id("page-form")
    form.locator("[name=title]").fill("About us")
    form.locator("[name=content]").fill("<p>We roast.</p><script>window.bad = 1</script>")
    form.get_by_role("button", name="Save").click()
    expect(owner.test_id("toast").first).to_contain_text("About us")
    owner.page.get_by_role("link", name="Preview").click()
    expect(owner.test_id("preview")).to_contain_text("We roast.")
    assert owner.page.evaluate("window.bad === undefined")
    accent = owner.test_id("preview").evaluate("element => getComputedStyle(element).borderBlockStartColor")
    assert accent == "rgb(79, 70, 229)"
