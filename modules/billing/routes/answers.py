"""What billing takes and answers in JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from modules.billing.models import PLANS


class SubscriptionStart(BaseModel):
    """Which plan a vendor subscribes to."""

    model_config = ConfigDict(extra="forbid")

    plan: str = Field(max_length=50, json_schema_extra={"enum": list(PLANS)})


class SubscriptionChange(BaseModel):
    """Where a subscription shall go: out of its trial, or to its end."""

    model_config = ConfigDict(extra="forbid")

    state: Literal["active", "cancelled"]


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


class ChangedAnswer(BaseModel):
    """The subscription as it is now."""

    subscription: SubscriptionOut


class SubscriptionAnswer(BaseModel):
    """The vendor's subscription; null without one."""

    subscription: SubscriptionOut | None
