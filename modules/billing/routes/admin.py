"""Subscriptions of all vendors, for the admins of a platform."""

from __future__ import annotations

from flask import Response, flash, request, url_for

from console.sdk import (
    ModuleBlueprint,
    VendorView,
    current_platform,
    db,
    described,
    gettext,
    read_json,
    render_template,
    requires_feature,
    requires_permission,
    see_other,
    utc_now,
    vendors_of,
)
from modules.billing.exceptions import UnknownVendor
from modules.billing.models import PLANS, Subscription
from modules.billing.routes.answers import ChangedAnswer, SubscriptionChange, SubscriptionsAnswer, SubscriptionStart
from modules.billing.routes.shared import as_json, config
from modules.billing.services import subscriptions as service

admin_router = ModuleBlueprint("billing", __name__, tags=["Admin - Billing"])
admin_pages = ModuleBlueprint("billing", __name__)


@admin_router.get("/subscriptions")
@requires_permission("billing.view")
@requires_feature("subscriptions")
@described(SubscriptionsAnswer)
def list_subscriptions() -> dict[str, object]:
    """List the subscriptions of the platform's vendors."""
    return {"subscriptions": [as_json(each) for each in service.by_vendor(db.session()).values()]}


@admin_router.post("/subscriptions/<int:vendor_id>")
@requires_permission("billing.manage")
@requires_feature("subscriptions")
@described({201: ChangedAnswer}, takes=SubscriptionStart)
def add_subscription(vendor_id: int) -> tuple[dict[str, object], int]:
    """Start a vendor's subscription."""
    vendor = _vendor(vendor_id)
    return {"subscription": as_json(_start(vendor, read_json(SubscriptionStart).plan))}, 201


@admin_router.put("/subscriptions/<int:vendor_id>/state")
@requires_permission("billing.manage")
@requires_feature("subscriptions")
@described(ChangedAnswer, takes=SubscriptionChange)
def change_state(vendor_id: int) -> dict[str, object]:
    """Take a vendor's subscription out of its trial, or end it."""
    vendor, wish = _vendor(vendor_id), read_json(SubscriptionChange)
    return {"subscription": as_json(service.change(db.session(), vendor.id, wanted=wish.state, now=utc_now()))}


@admin_pages.get("/")
@requires_permission("billing.view")
@requires_feature("subscriptions")
def subscriptions() -> str:
    """The vendors of the platform, each with its subscription."""
    return render_template(
        "admin/subscriptions.html",
        vendors=vendors_of(current_platform.id),
        subscriptions=service.by_vendor(db.session()),
        plans=PLANS,
        config=config(),
    )


@admin_pages.post("/vendors/<int:vendor_id>/start")
@requires_permission("billing.manage")
@requires_feature("subscriptions")
def start_subscription(vendor_id: int) -> Response:
    """Back to the list with the vendor's new subscription."""
    vendor = _vendor(vendor_id)
    _start(vendor, request.form.get("plan", ""))
    flash(gettext("billing.started", vendor=vendor.name))
    return see_other(url_for(".subscriptions"))


@admin_pages.post("/vendors/<int:vendor_id>/change")
@requires_permission("billing.manage")
@requires_feature("subscriptions")
def change_subscription(vendor_id: int) -> Response:
    """Back to the list, with the subscription active or cancelled."""
    vendor = _vendor(vendor_id)
    wanted = request.form.get("want", "")
    service.change(db.session(), vendor.id, wanted=wanted, now=utc_now())
    flash(gettext(f"billing.now.{wanted}", vendor=vendor.name))
    return see_other(url_for(".subscriptions"))


def _start(vendor: VendorView, plan: str) -> Subscription:
    return service.start(db.session(), vendor.id, plan=plan, trial_days=config().trial_days, now=utc_now())


def _vendor(vendor_id: int) -> VendorView:
    for vendor in vendors_of(current_platform.id):
        if vendor.id == vendor_id:
            return vendor
    raise UnknownVendor(vendor_id)
