"""An order in JSON."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from modules.orders.models.order import OrderState

if TYPE_CHECKING:
    from modules.orders.models import Order

MOST = Decimal("9999999.99")


class OrderIn(BaseModel):
    """A new order."""

    model_config = ConfigDict(extra="forbid")

    customer: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    total: Annotated[Decimal, Field(gt=0, le=MOST, decimal_places=2)]
    payment_method: Annotated[int, Field(ge=1)]
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""

    @property
    def total_cents(self) -> int:
        """The total in the currency's smallest unit."""
        return int(self.total * 100)


class OrderMove(BaseModel):
    """The state that an order shall go to."""

    model_config = ConfigDict(extra="forbid")

    state: OrderState


class OrderOut(BaseModel):
    """What goes out; money is a decimal string."""

    id: str
    number: str
    vendor: str
    state: OrderState
    customer: str
    note: str
    total: str
    currency: str
    payment: str
    moves: tuple[OrderState, ...]
    created_at: datetime
    changed_at: datetime

    @classmethod
    def of(cls, order: Order) -> OrderOut:
        """The row as it goes out."""
        return cls(
            id=str(order.id),
            number=order.number,
            vendor=str(order.vendor_id),
            state=order.state,
            customer=order.customer,
            note=order.note,
            total=f"{Decimal(order.total_cents) / 100:.2f}",
            currency=order.currency,
            payment=order.payment_title,
            moves=order.moves,
            created_at=order.created_at,
            changed_at=order.changed_at,
        )


class OrderAnswer(BaseModel):
    """One order."""

    order: OrderOut


class OrdersAnswer(BaseModel):
    """A page of orders."""

    orders: list[OrderOut]
    page: int
    pages: int
