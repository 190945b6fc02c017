"""What billing answers in JSON, for openapi.json."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel


class SubscriptionOut(BaseModel):
    """A vendor's subscription."""

    vendor: str
    plan: str
    state: str
    started_at: datetime
    trial_ends_at: datetime | None
    cancelled_at: datetime | None


class SubscriptionsAnswer(BaseModel):
    """Every subscription of the platform."""

    subscriptions: list[SubscriptionOut]


class SubscriptionAnswer(BaseModel):
    """The vendor's subscription; null without one."""

    subscription: SubscriptionOut | None
