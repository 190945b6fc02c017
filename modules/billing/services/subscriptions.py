"""Subscriptions of vendors."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from modules.billing.exceptions import ChangeNotAllowed, UnknownPlan
from modules.billing.models import PLANS, Subscription, SubscriptionState


def by_vendor(session: Session) -> dict[int, Subscription]:
    """Vendor id → subscription, for the vendors of the tenant in scope that have one."""
    return {each.vendor_id: each for each in session.scalars(select(Subscription))}


def of_vendor(session: Session, vendor_id: int) -> Subscription | None:
    """The vendor's subscription, if it ever had one."""
    return session.scalars(select(Subscription).where(Subscription.vendor_id == vendor_id)).one_or_none()


def start(session: Session, vendor_id: int, *, plan: str, trial_days: int, now: datetime) -> Subscription:
    """The vendor's subscription to ``plan``: the first begins with a trial, unless that is 0 days long.

    Raises:
        UnknownPlan: There is no such plan.
        ChangeNotAllowed: One is running already.
    """
    if plan not in PLANS:
        raise UnknownPlan(plan)
    found = of_vendor(session, vendor_id)
    if found is None:
        found = Subscription(
            vendor_id=vendor_id, trial_ends_at=now + timedelta(days=trial_days) if trial_days else None
        )
        found.state = SubscriptionState.TRIAL if trial_days else SubscriptionState.ACTIVE
        session.add(found)
    elif found.state is not SubscriptionState.CANCELLED:
        raise ChangeNotAllowed(found.state.value, "start")
    else:
        found.state = SubscriptionState.ACTIVE
    found.plan, found.started_at, found.cancelled_at = plan, now, None
    return found


def change(session: Session, vendor_id: int, *, wanted: str, now: datetime) -> Subscription:
    """The vendor's subscription, ``active`` or ``cancelled`` now.

    Raises:
        ChangeNotAllowed: There is none, or it cannot go there from where it is.
    """
    found = of_vendor(session, vendor_id)
    if found is None or wanted not in ("active", "cancelled"):
        raise ChangeNotAllowed(found.state.value if found else "none", wanted)
    return activate(found) if wanted == "active" else cancel(found, now=now)


def activate(subscription: Subscription) -> Subscription:
    """The subscription, out of its trial."""
    if subscription.state is not SubscriptionState.TRIAL:
        raise ChangeNotAllowed(subscription.state.value, "activate")
    subscription.state = SubscriptionState.ACTIVE
    return subscription


def end_trials(session: Session, *, now: datetime) -> int:
    """How many trials of the tenant in scope were over; their subscriptions are active now."""
    due = select(Subscription).where(Subscription.state == SubscriptionState.TRIAL, Subscription.trial_ends_at <= now)
    ended = session.scalars(due.with_for_update()).all()
    for subscription in ended:
        subscription.state = SubscriptionState.ACTIVE
    return len(ended)


def cancel(subscription: Subscription, *, now: datetime) -> Subscription:
    """The subscription, ended."""
    if subscription.state is SubscriptionState.CANCELLED:
        raise ChangeNotAllowed(subscription.state.value, "cancel")
    subscription.state, subscription.cancelled_at = SubscriptionState.CANCELLED, now
    return subscription
