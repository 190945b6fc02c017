"""What a vendor subscribes to."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from console.sdk import Base, UTCDateTime, VendorOwned, words

PLANS = ("starter", "standard", "premium")


class SubscriptionState(StrEnum):
    """How a subscription stands."""

    TRIAL = "trial"
    ACTIVE = "active"
    CANCELLED = "cancelled"


class Subscription(VendorOwned, Base):
    """One vendor's subscription; a cancelled one can begin again, without a second trial."""

    __tablename__ = "billing_subscriptions"
    __table_args__ = (UniqueConstraint("vendor_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan: Mapped[str] = mapped_column(String(20))
    state: Mapped[SubscriptionState] = mapped_column(words(SubscriptionState))
    started_at: Mapped[datetime] = mapped_column(UTCDateTime())
    trial_ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
