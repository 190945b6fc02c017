"""How the pages of a vendor look."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from console.sdk import Base, UTCDateTime, VendorOwned


class VendorTheme(VendorOwned, Base):
    """The look of one vendor's pages, chosen by an admin; a vendor without a row has the plain one."""

    __tablename__ = "cms_vendor_themes"
    __table_args__ = (UniqueConstraint("vendor_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    accent: Mapped[str] = mapped_column(String(7))
    typeface: Mapped[str] = mapped_column(String(20))
    width: Mapped[str] = mapped_column(String(20))
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime())
