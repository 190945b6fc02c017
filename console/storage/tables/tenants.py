"""Platforms, their vendors, and a row per platform and module."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from console.domain.words import ModuleState, Origin
from console.storage.base import Base
from console.storage.types import BigKey, UTCDateTime, words


class Platform(Base):
    """A tenant; ``revision`` grows by one in the transaction of anything that a snapshot holds."""

    __tablename__ = "platforms"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(63), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    revision: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    archived_at: Mapped[datetime | None] = mapped_column(UTCDateTime())


class Vendor(Base):
    """A merchant on one platform; its slug is unique in the instance."""

    __tablename__ = "vendors"

    id: Mapped[int] = mapped_column(primary_key=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"), index=True)
    slug: Mapped[str] = mapped_column(String(63), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    archived_at: Mapped[datetime | None] = mapped_column(UTCDateTime())


class ModuleRow(Base):
    """One module on one platform: asked for or not, why, and what is. No row means off."""

    __tablename__ = "module_states"
    __table_args__ = (Index(None, "module"),)

    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"), primary_key=True)
    module: Mapped[str] = mapped_column(String(64), primary_key=True)
    wanted: Mapped[bool] = mapped_column(default=False)
    origin: Mapped[Origin | None] = mapped_column(words(Origin))
    state: Mapped[ModuleState] = mapped_column(words(ModuleState))
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime())
    operation_id: Mapped[int | None] = mapped_column(BigKey)  # the operation that changed it last
