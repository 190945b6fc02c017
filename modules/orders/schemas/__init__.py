"""The shapes of orders' JSON, and what makes a new order valid, page or API."""

from modules.orders.schemas.order import OrderIn, OrderMove, OrderOut

__all__ = ["OrderIn", "OrderMove", "OrderOut"]
