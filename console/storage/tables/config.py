"""Configuration overrides of modules, with their revisions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from console.storage.base import Base
from console.storage.types import BigKey, Json, UTCDateTime


class ModuleConfig(Base):
    """The overrides that are in force; secrets are stored as ``{"$secret": "<sealed>"}``."""

    __tablename__ = "module_configs"

    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"), primary_key=True)
    module: Mapped[str] = mapped_column(String(64), primary_key=True)
    revision: Mapped[int]
    config_version: Mapped[int] = mapped_column(default=1)  # the definition's, when it was saved
    overrides: Mapped[dict[str, object]] = mapped_column(Json)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime())


class ConfigRevision(Base):
    """What was saved, by whom and why; restoring makes a new one."""

    __tablename__ = "config_revisions"
    __table_args__ = (UniqueConstraint("platform_id", "module", "revision"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"))
    module: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int]
    overrides: Mapped[dict[str, object]] = mapped_column(Json)
    diff: Mapped[dict[str, object]] = mapped_column(Json)  # key → {"before", "after"}, secrets masked
    actor: Mapped[str] = mapped_column(String(254))
    source: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(500), default="")
    restores: Mapped[int | None]  # the revision that it restores
    at: Mapped[datetime] = mapped_column(UTCDateTime())
