"""The pages that vendors write."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from console.sdk import Base, UTCDateTime, VendorOwned


class ContentPage(VendorOwned, Base):
    """A page of a vendor; its content was made harmless before it was stored.

    The guide's first migration lets ``vendor_id`` be empty; such a row belongs to nobody and no vendor sees it.
    """

    __tablename__ = "cms_content_pages"
    __table_args__ = (Index("uq_cms_content_pages_vendor_id_slug", "vendor_id", "slug", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    vendor_id: Mapped[int] = mapped_column(ForeignKey("vendors.id"), nullable=True)
    title: Mapped[str] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(200))
    content: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    updated_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    language: Mapped[str] = mapped_column(String(10), server_default="en")
    is_published: Mapped[bool] = mapped_column(default=False, server_default="0")
    meta_title: Mapped[str | None] = mapped_column(String(70))
    meta_description: Mapped[str | None] = mapped_column(String(160))
