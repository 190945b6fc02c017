"""The tables of orders."""

from modules.orders.models.number_range import NumberRange
from modules.orders.models.order import Order, OrderState

__all__ = ["NumberRange", "Order", "OrderState"]
