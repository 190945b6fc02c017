"""The shapes of orders' JSON, and what makes a new order valid, page or API."""

from modules.orders.schemas.order import OrderAnswer, OrderIn, OrderMove, OrderOut, OrdersAnswer

__all__ = ["OrderAnswer", "OrderIn", "OrderMove", "OrderOut", "OrdersAnswer"]
