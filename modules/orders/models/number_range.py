"""The counter behind order numbers."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from console.sdk import Base, VendorOwned


class NumberRange(VendorOwned, Base):
    """A vendor's counter; taking a number locks the row until the order is stored, so no number is lost or doubled."""

    __tablename__ = "orders_number_ranges"
    __table_args__ = (UniqueConstraint("vendor_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    next_number: Mapped[int] = mapped_column(default=1)
