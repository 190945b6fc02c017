"""The tables of billing."""

from modules.billing.models.subscription import PLANS, Subscription, SubscriptionState

__all__ = ["PLANS", "Subscription", "SubscriptionState"]
