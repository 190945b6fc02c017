"""Orders: finding, creating and moving them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from modules.orders.config import OrdersConfig
from modules.orders.exceptions import MethodNeeded, MoveNotAllowed, UnknownOrder
from modules.orders.models import Order, OrderState
from modules.orders.schemas import OrderIn
from modules.orders.services.numbers import take_number
from modules.payments.api import GatewayInactive, UnknownMethod, usable_method

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One page of a list, newest first."""

    orders: Sequence[Order]
    number: int
    count: int
    counts: dict[OrderState, int]


def list_orders(
    session: Session, *, vendor_id: int | None = None, state: OrderState | None = None, page: int = 1
) -> OrderPage:
    """A page of the tenant's orders; without ``vendor_id`` those of all vendors of the platform in scope."""
    mine = select(Order.state, func.count()).group_by(Order.state)
    if vendor_id is not None:
        mine = mine.where(Order.vendor_id == vendor_id)
    counts = dict(session.execute(mine).all())
    total = sum(counts.values()) if state is None else counts.get(state, 0)
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(page, 1), pages)
    query = _of(select(Order), vendor_id=vendor_id, state=state).order_by(Order.id.desc())
    found = session.scalars(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    return OrderPage(list(found), number, pages, counts)


def _of(query: Select[Order], *, vendor_id: int | None, state: OrderState | None) -> Select[Order]:
    if vendor_id is not None:
        query = query.where(Order.vendor_id == vendor_id)
    return query if state is None else query.where(Order.state == state)


def get_order(session: Session, order_id: int, *, vendor_id: int | None = None) -> Order:
    """One order of the tenant.

    Raises:
        UnknownOrder: There is none of that id, or it is somebody else's.
    """
    query = _of(select(Order).where(Order.id == order_id), vendor_id=vendor_id, state=None)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise UnknownOrder(order_id)
    return found


def create_order(session: Session, vendor_id: int, *, wish: OrderIn, config: OrdersConfig, now: datetime) -> Order:
    """A new draft with its number.

    Raises:
        MethodNeeded: The payment method is not the vendor's, or cannot be charged now.
    """
    try:
        method = usable_method(vendor_id, wish.payment_method)
    except (UnknownMethod, GatewayInactive) as error:
        raise MethodNeeded(error.message) from error
    order = Order(
        vendor_id=vendor_id,
        number=take_number(session, vendor_id, prefix=config.number_prefix),
        state=OrderState.DRAFT,
        customer=wish.customer,
        note=wish.note,
        total_cents=wish.total_cents,
        currency=config.currency,
        payment_method_id=method.id,
        payment_title=method.title,
        created_at=now,
        changed_at=now,
    )
    session.add(order)
    session.flush()
    return order


def move_order(order: Order, target: OrderState, *, now: datetime) -> Order:
    """The order in its new state.

    Raises:
        MoveNotAllowed: That state cannot follow; the message names those that can.
    """
    if target not in order.moves:
        raise MoveNotAllowed(order.state.value, target.value, [each.value for each in order.moves])
    order.state = target
    order.changed_at = now
    return order
