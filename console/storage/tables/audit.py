"""The audit: its entries, and the head of each chain that they form."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from console.storage.base import Base
from console.storage.types import BigKey, Json, UTCDateTime

INSTANCE = 0
"""In place of a platform's id: the chain of what belongs to no platform."""


class AuditEntry(Base):
    """Who did what, with before and after; written in its effect's transaction.

    Names are stored and nothing points anywhere, so that a row outlives what it names. Within its chain a row has a
    place, and its seal covers the other columns and the seal before it; ``count``, which grows, has ``count_seal``.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (Index(None, "platform_id", "id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    platform_id: Mapped[int | None]
    platform: Mapped[str] = mapped_column(String(63), default="")  # its slug
    at: Mapped[datetime] = mapped_column(UTCDateTime())
    actor: Mapped[str] = mapped_column(String(254))
    source: Mapped[str] = mapped_column(String(20))
    action: Mapped[str] = mapped_column(String(64))  # modules.enable, config.save, user.create …
    target: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(500), default="")
    request_id: Mapped[str | None] = mapped_column(String(64))
    operation_id: Mapped[int | None] = mapped_column(BigKey)
    before: Mapped[dict[str, object] | None] = mapped_column(Json)
    after: Mapped[dict[str, object] | None] = mapped_column(Json)
    once: Mapped[str | None] = mapped_column(String(64), unique=True)  # what is counted instead of written again
    count: Mapped[int] = mapped_column(default=1)
    count_seal: Mapped[str] = mapped_column(String(100), default="")
    place: Mapped[int] = mapped_column(BigKey, default=0)
    previous: Mapped[str] = mapped_column(String(100), default="")
    seal: Mapped[str] = mapped_column(String(100), default="")


class AuditChain(Base):
    """The head of one chain, locked by whoever adds to it; and what the last look at the chain found."""

    __tablename__ = "audit_chains"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # the platform's, or INSTANCE
    platform: Mapped[str] = mapped_column(String(63), default="")
    place: Mapped[int] = mapped_column(BigKey, default=0)
    seal: Mapped[str] = mapped_column(String(100), default="")
    verified_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    verified_by: Mapped[str] = mapped_column(String(254), default="")
    findings: Mapped[int] = mapped_column(default=0)
