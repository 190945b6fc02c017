"""An order and the states it goes through."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from console.sdk import Base, UTCDateTime, VendorOwned, words


class OrderState(StrEnum):
    """How far an order is; the last two are ends."""

    DRAFT = "draft"
    PLACED = "placed"
    PAID = "paid"
    SHIPPED = "shipped"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


MOVES: Mapping[OrderState, tuple[OrderState, ...]] = MappingProxyType(
    {
        OrderState.DRAFT: (OrderState.PLACED, OrderState.CANCELLED),
        OrderState.PLACED: (OrderState.PAID, OrderState.CANCELLED),
        OrderState.PAID: (OrderState.SHIPPED, OrderState.CANCELLED),
        OrderState.SHIPPED: (OrderState.COMPLETED,),
        OrderState.COMPLETED: (),
        OrderState.CANCELLED: (),
    }
)


class Order(VendorOwned, Base):
    """What a customer bought from a vendor; the payment method is kept by name, it may be removed later."""

    __tablename__ = "orders_orders"
    __table_args__ = (UniqueConstraint("vendor_id", "number"), Index(None, "vendor_id", "state"))

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(30))
    state: Mapped[OrderState] = mapped_column(words(OrderState))
    customer: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(String(500), default="")
    total_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    payment_method_id: Mapped[int]  # of the payments module; no foreign key crosses modules
    payment_title: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime())

    @property
    def moves(self) -> tuple[OrderState, ...]:
        """The states that it can go to from here."""
        return MOVES[self.state]
