"""The pictures that vendors put on their pages."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column

from console.sdk import Base, UTCDateTime, VendorOwned


class Media(VendorOwned, Base):
    """A picture; its bytes stand in the row, so a backup of the database has them.

    ``name`` is its vendor's label; addresses and downloads have ``file_name``, which chance chose. A picture from
    before that has its old number as ``earlier_name``: content that shows it by that goes on doing so.
    """

    __tablename__ = "cms_media"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    file_name: Mapped[str] = mapped_column(String(40), unique=True, index=True, server_default="")
    earlier_name: Mapped[str | None] = mapped_column(String(20))
    content_type: Mapped[str] = mapped_column(String(40))
    size_bytes: Mapped[int]
    data: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
