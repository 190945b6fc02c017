"""A vendor's own subscription."""

from __future__ import annotations

from console.sdk import (
    ModuleBlueprint,
    current_vendor,
    db,
    described,
    render_template,
    requires_feature,
    requires_permission,
)
from modules.billing.routes.answers import SubscriptionAnswer
from modules.billing.routes.shared import as_json, config
from modules.billing.services import subscriptions as service

vendor_router = ModuleBlueprint("billing", __name__, tags=["Vendor - Billing"])
vendor_pages = ModuleBlueprint("billing", __name__)


@vendor_router.get("/subscription")
@requires_permission("billing.view")
@requires_feature("subscriptions")
@described(SubscriptionAnswer)
def show_subscription() -> dict[str, object]:
    """Give the vendor's subscription, null when it never had one."""
    found = service.of_vendor(db.session(), current_vendor.id)
    return {"subscription": as_json(found) if found else None}


@vendor_pages.get("/")
@requires_permission("billing.view")
@requires_feature("subscriptions")
def subscription() -> str:
    """What the vendor subscribes to."""
    found = service.of_vendor(db.session(), current_vendor.id)
    return render_template("vendor/subscription.html", subscription=found, config=config())
