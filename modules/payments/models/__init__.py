"""The tables of payments."""

from modules.payments.models.gateway import Gateway
from modules.payments.models.method import PaymentMethod

__all__ = ["Gateway", "PaymentMethod"]
