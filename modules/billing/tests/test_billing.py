"""Billing keeps the contract; subscriptions begin with one trial and change only where that makes sense."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from console.sdk import PlatformView, VendorView, db, module_service, scope, unit_of_work
from console.testing import ModuleContract, Visitor, log_in, program, switch
from modules.billing.services.subscriptions import end_trials
from modules.billing.tasks.trials import end_due_trials

VENDOR_API = "/api/vendor/billing/subscription"


class TestBilling(ModuleContract):
    code = "billing"


@pytest.fixture
def admin(console_app: Flask, console_platform: PlatformView) -> Visitor:
    switch(console_app, console_platform.id, "billing", on=True)
    return log_in(console_app, "platform-admin", platform=console_platform)


def vendor_url(platform: PlatformView, vendor: VendorView, what: str) -> str:
    return f"/admin/{platform.slug}/billing/vendors/{vendor.id}/{what}"


def test_a_subscription_begins_with_the_configured_trial_and_has_only_one(
    console_app: Flask, admin: Visitor, console_platform: PlatformView, console_vendor: VendorView
) -> None:
    with console_app.app_context():
        module_service.set_module_config(db, console_platform.id, "billing", {"trial_days": 30})
    token = program(console_app, vendor=console_vendor)
    assert token.send("GET", VENDOR_API).get_json() == {"subscription": None}
    start, change = (vendor_url(console_platform, console_vendor, what) for what in ("start", "change"))
    assert admin.post(start, {"plan": "standard"}).status_code == 303
    told = token.send("GET", VENDOR_API).get_json()["subscription"]
    trial = datetime.fromisoformat(told["trial_ends_at"]) - datetime.fromisoformat(told["started_at"])
    assert (told["plan"], told["state"], trial) == ("standard", "trial", timedelta(days=30))
    assert admin.post(start, {"plan": "standard"}).status_code == 409
    assert admin.post(change, {"want": "active"}).status_code == 303
    assert admin.post(change, {"want": "active"}).status_code == 409
    assert admin.post(change, {"want": "cancelled"}).status_code == 303
    assert admin.post(start, {"plan": "premium"}).status_code == 303
    told = token.send("GET", VENDOR_API).get_json()["subscription"]
    assert (told["plan"], told["state"], told["cancelled_at"]) == ("premium", "active", None)
    assert datetime.fromisoformat(told["started_at"]) <= datetime.now(UTC)


def test_without_trial_days_it_is_active_at_once(
    console_app: Flask, admin: Visitor, console_platform: PlatformView, console_vendor: VendorView
) -> None:
    with console_app.app_context():
        module_service.set_module_config(db, console_platform.id, "billing", {"trial_days": 0})
    admin.post(vendor_url(console_platform, console_vendor, "start"), {"plan": "starter"})
    told = program(console_app, platform=console_platform).send("GET", "/api/admin/billing/subscriptions").get_json()
    assert [(each["state"], each["trial_ends_at"]) for each in told["subscriptions"]] == [("active", None)]


def test_what_makes_no_sense_is_refused(
    admin: Visitor, console_platform: PlatformView, console_vendor: VendorView
) -> None:
    for what, sent, status in (("start", "nothing", 422), ("change", "active", 409), ("change", "nonsense", 409)):
        answer = admin.post(vendor_url(console_platform, console_vendor, what), {"plan": sent, "want": sent})
        assert answer.status_code == status


def test_an_unknown_vendor_is_unknown(admin: Visitor, console_platform: PlatformView) -> None:
    assert (
        admin.post(f"/admin/{console_platform.slug}/billing/vendors/999999/start", {"plan": "starter"}).status_code
        == 404
    )


def test_the_pages_show_what_is(
    console_app: Flask, admin: Visitor, console_platform: PlatformView, console_vendor: VendorView
) -> None:
    owner = log_in(console_app, "vendor-owner", vendor=console_vendor)
    own = f"/vendor/{console_vendor.slug}/billing/"
    assert "You have no subscription" in owner.get(own).get_data(as_text=True)
    admin.post(vendor_url(console_platform, console_vendor, "start"), {"plan": "premium"})
    page = owner.get(own).get_data(as_text=True)
    assert "Premium" in page
    assert "Numbers begin with INV-" in page
    listed = admin.get(f"/admin/{console_platform.slug}/billing/").get_data(as_text=True)
    assert f'data-testid="subscription-{console_vendor.slug}"' in listed
    assert "Test mode" in listed
    viewer = log_in(console_app, "platform-viewer", platform=console_platform)
    shown = viewer.get(f"/admin/{console_platform.slug}/billing/").get_data(as_text=True)
    assert 'disabled title="Needs the permission billing.manage."' in shown
    assert viewer.post(vendor_url(console_platform, console_vendor, "change"), {"want": "cancelled"}).status_code == 403


def test_a_trial_ends_by_itself_and_not_before(
    console_app: Flask, admin: Visitor, console_platform: PlatformView, console_vendor: VendorView
) -> None:
    admin.post(vendor_url(console_platform, console_vendor, "start"), {"plan": "starter"})
    token = program(console_app, vendor=console_vendor)
    ends = datetime.fromisoformat(token.send("GET", VENDOR_API).get_json()["subscription"]["trial_ends_at"])
    with console_app.app_context(), scope(platform_id=console_platform.id):
        end_due_trials(console_platform.id)
        with unit_of_work() as uow:
            assert end_trials(uow.session, now=ends - timedelta(seconds=1)) == 0
        assert token.send("GET", VENDOR_API).get_json()["subscription"]["state"] == "trial"
        with unit_of_work() as uow:
            assert end_trials(uow.session, now=ends) == 1
    assert token.send("GET", VENDOR_API).get_json()["subscription"]["state"] == "active"
