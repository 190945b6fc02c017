"""The payment methods that vendors keep."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from console.sdk import Base, UTCDateTime, VendorOwned
from modules.payments.models.gateway import Gateway


class PaymentMethod(VendorOwned, Base):
    """A stored method: what a person needs to recognise it, never a card number."""

    __tablename__ = "payments_methods"

    id: Mapped[int] = mapped_column(primary_key=True)
    gateway_id: Mapped[int] = mapped_column(ForeignKey("payments_gateways.id"), index=True)
    label: Mapped[str] = mapped_column(String(100))
    last_four: Mapped[str] = mapped_column(String(4))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())

    gateway: Mapped[Gateway] = relationship(lazy="joined", innerjoin=True)

    @property
    def is_usable(self) -> bool:
        """Whether it can be charged now."""
        return self.gateway.is_active
