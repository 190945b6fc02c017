"""What the views of both frontends share."""

from __future__ import annotations

from datetime import datetime

from console.sdk import current_platform, db, module_service
from modules.billing.config import BillingConfig
from modules.billing.models import Subscription


def config() -> BillingConfig:
    """The module's configuration on the platform of this request."""
    return BillingConfig.model_validate(module_service.get_module_config(db, current_platform.id, "billing"))


def as_json(subscription: Subscription) -> dict[str, object]:
    """A subscription in JSON."""
    return {
        "vendor": str(subscription.vendor_id),
        "plan": subscription.plan,
        "state": subscription.state.value,
        "started_at": subscription.started_at.isoformat(),
        "trial_ends_at": _iso(subscription.trial_ends_at),
        "cancelled_at": _iso(subscription.cancelled_at),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
