"""What people arrange and ask for on the pages: places of menu items, requests for modules."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from console.domain.words import FrontendType
from console.storage.base import Base
from console.storage.types import BigKey, UTCDateTime, words


class MenuPlace(Base):
    """Where a platform's admins put a menu item; an item without a row stands where its module says."""

    __tablename__ = "menu_places"

    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"), primary_key=True)
    frontend: Mapped[FrontendType] = mapped_column(words(FrontendType), primary_key=True)
    item: Mapped[str] = mapped_column(String(64), primary_key=True)
    position: Mapped[int]
    hidden: Mapped[bool] = mapped_column(default=False)
    group: Mapped[str] = mapped_column("group_name", String(60), default="")  # "": the frontend's own group


class ModuleRequest(Base):
    """A vendor asks for a module; open until an admin answers it, or the module is on."""

    __tablename__ = "module_requests"
    __table_args__ = (Index(None, "platform_id", "answered_at"), Index(None, "vendor_id", "module"))

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"))
    vendor_id: Mapped[int] = mapped_column(ForeignKey("vendors.id"))
    module: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(String(500), default="")
    actor: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    answer: Mapped[str | None] = mapped_column(String(20))  # granted, declined, withdrawn
    answer_note: Mapped[str] = mapped_column(String(500), default="")
    answered_by: Mapped[str | None] = mapped_column(String(254))
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
