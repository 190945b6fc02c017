"""Analytics keeps the contract: it records what it hears once, and shows what modules say about themselves."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from console.sdk import ModuleEvent, ModuleEventData, PlatformView, VendorView, db, scope
from console.testing import ModuleContract, Visitor, drained, log_in, program, switch
from modules.analytics.events import record
from modules.analytics.models import RecordedEvent


class TestAnalytics(ModuleContract):
    code = "analytics"


@pytest.fixture
def admin(console_app: Flask, console_platform: PlatformView) -> Visitor:
    switch(console_app, console_platform.id, "analytics", on=True)
    return log_in(console_app, "platform-admin", platform=console_platform)


def recorded(app: Flask, platform: PlatformView) -> list[tuple[str, str]]:
    with app.app_context(), scope(platform_id=platform.id):
        rows = db.session().scalars(select(RecordedEvent).order_by(RecordedEvent.id))
        return [(row.module, row.event) for row in rows]


def test_what_happens_while_it_is_on_stands_in_the_reports(
    console_app: Flask, admin: Visitor, console_platform: PlatformView
) -> None:
    switch(console_app, console_platform.id, "payments", on=True)
    wanted = {("analytics", "enabled"), ("payments", "enabled")}
    assert drained(console_app, console_platform.id, lambda: wanted <= set(recorded(console_app, console_platform)))
    page = admin.get(f"/admin/{console_platform.slug}/analytics/reports?module=payments").get_data(as_text=True)
    assert "Switched on" in page
    told = program(console_app, platform=console_platform).send("GET", "/api/admin/analytics/events?module=payments")
    assert [(each["module"], each["event"]) for each in told.get_json()["events"]] == [("payments", "enabled")]


def test_an_event_that_is_told_twice_is_recorded_once(console_app: Flask, console_platform: PlatformView) -> None:
    told = ModuleEventData(ModuleEvent.ENABLED, "orders", console_platform.id, datetime(2026, 3, 1, tzinfo=UTC))
    with console_app.app_context(), scope(platform_id=console_platform.id):
        record(told)
        record(told)
    assert recorded(console_app, console_platform) == [("orders", "enabled")]


def test_the_dashboard_shows_the_figures_of_what_is_on(
    console_app: Flask, admin: Visitor, console_platform: PlatformView
) -> None:
    dashboard = f"/admin/{console_platform.slug}/analytics/"
    before = admin.get(dashboard).get_data(as_text=True)
    assert 'data-testid="figures-cms"' in before
    assert 'data-testid="figures-payments"' not in before
    switch(console_app, console_platform.id, "payments", on=True)
    assert "Gateways that take payments" in admin.get(dashboard).get_data(as_text=True)
    told = program(console_app, platform=console_platform).send("GET", "/api/admin/analytics/figures").get_json()
    payments = next(each for each in told["modules"] if each["code"] == "payments")
    assert payments["figures"][0]["value"] == 4


def test_a_vendor_sees_its_own_figures_and_what_it_sold(
    console_app: Flask, admin: Visitor, console_platform: PlatformView, console_vendor: VendorView
) -> None:
    assert admin.user_id
    owner = log_in(console_app, "vendor-owner", vendor=console_vendor)
    home = f"/vendor/{console_vendor.slug}/analytics/"
    assert 'data-testid="figures-cms"' in owner.get(home).get_data(as_text=True)
    assert "No numbers yet" in owner.get(f"{home}sales").get_data(as_text=True)
    token = program(console_app, vendor=console_vendor)
    token.send("POST", "/api/vendor/cms/pages", {"title": "A"})
    told = token.send("GET", "/api/vendor/analytics/figures").get_json()
    assert next(each for each in told["modules"] if each["code"] == "cms")["figures"][0]["value"] == 1
    assert token.send("GET", "/api/vendor/analytics/sales").get_json() == {"modules": []}


def test_the_sales_report_counts_what_is_paid(
    console_app: Flask, admin: Visitor, console_platform: PlatformView, console_vendor: VendorView
) -> None:
    assert admin.user_id
    switch(console_app, console_platform.id, "orders", on=True)
    token = program(console_app, vendor=console_vendor)
    card = {"label": "Card", "gateway": "card", "last_four": "4242"}
    method = token.send("POST", "/api/vendor/payments/methods", card).get_json()["method"]["id"]
    for total in ("19.90", "5.00"):
        wish = {"customer": "Ada", "total": total, "payment_method": int(method)}
        order = token.send("POST", "/api/vendor/orders/orders", wish).get_json()["order"]
        for state in ("placed", "paid") if total == "19.90" else ("placed",):
            token.send("PUT", f"/api/vendor/orders/orders/{order['id']}/state", {"state": state})
    told = token.send("GET", "/api/vendor/analytics/sales").get_json()["modules"]
    assert [each["code"] for each in told] == ["orders"]
    assert told[0]["figures"][-1] == {"label": "Sold", "value": "19.90", "unit": "EUR"}
    owner = log_in(console_app, "vendor-owner", vendor=console_vendor)
    assert "19.90" in owner.get(f"/vendor/{console_vendor.slug}/analytics/sales").get_data(as_text=True)
