"""What other modules may use of orders."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import func, select

from console.sdk import Figure, db, gettext
from modules.orders.models import Order, OrderState

__all__ = ["figures"]

CENT = Decimal("0.01")
SOLD = (OrderState.PAID, OrderState.SHIPPED, OrderState.COMPLETED)


def figures(*, platform_id: int, vendor_id: int | None) -> Sequence[Figure]:
    """Orders by how far they are, and what was sold in each currency; ``platform_id`` is the scope already."""
    session = db.session()
    counted = select(Order.state, func.count()).group_by(Order.state)
    sold = select(Order.currency, func.sum(Order.total_cents)).where(Order.state.in_(SOLD)).group_by(Order.currency)
    if vendor_id is not None:
        counted = counted.where(Order.vendor_id == vendor_id)
        sold = sold.where(Order.vendor_id == vendor_id)
    counts = dict(session.execute(counted).all())
    return [
        Figure(gettext("orders.figures.all"), sum(counts.values())),
        Figure(gettext("orders.figures.open"), counts.get(OrderState.PLACED, 0) + counts.get(OrderState.PAID, 0)),
        Figure(gettext("orders.figures.completed"), counts.get(OrderState.COMPLETED, 0)),
        *(
            Figure(gettext("orders.figures.sold"), (Decimal(cents) / 100).quantize(CENT), currency)
            for currency, cents in session.execute(sold.order_by(Order.currency)).all()
        ),
    ]
