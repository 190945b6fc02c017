"""What the order lists of both frontends share."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, url_for

from console.sdk import db
from modules.orders.exceptions import MoveNotAllowed
from modules.orders.models import Order, OrderState
from modules.orders.schemas import OrderOut
from modules.orders.services.orders import OrderPage, list_orders

STATES = frozenset(state.value for state in OrderState)


@dataclass(frozen=True, slots=True)
class Pages:
    """Where the neighbours of a page are, for the pager."""

    number: int
    count: int
    previous_url: str | None
    next_url: str | None


def asked_state() -> OrderState | None:
    """The state in the query string; a word that is none means all."""
    raw = request.args.get("state", "")
    return OrderState(raw) if raw in STATES else None


def wanted_state(order: Order) -> OrderState:
    """The state that the posted form asks for; a word that is none is refused like any move that is not allowed."""
    raw = request.form.get("state", "")
    if raw not in STATES:
        raise MoveNotAllowed(order.state.value, raw, [each.value for each in order.moves])
    return OrderState(raw)


def asked_page(vendor_id: int | None) -> OrderPage:
    """The page of orders that the query string asks for."""
    number = request.args.get("page", 1, type=int)
    return list_orders(db.session(), vendor_id=vendor_id, state=asked_state(), page=number)


def pages_of(found: OrderPage) -> Pages:
    """The pager of a list page."""

    def at(number: int) -> str | None:
        state = asked_state()
        return url_for(".orders", state=state, page=number) if 1 <= number <= found.count else None

    return Pages(found.number, found.count, at(found.number - 1), at(found.number + 1))


def as_json(found: OrderPage) -> dict[str, object]:
    """A list page in JSON."""
    return {
        "orders": [OrderOut.of(each).model_dump(mode="json") for each in found.orders],
        "page": found.number,
        "pages": found.count,
    }
