"""What happened to the modules of a platform, as far as analytics was told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from console.sdk import Base, PlatformOwned, UTCDateTime


class RecordedEvent(PlatformOwned, Base):
    """One event; told twice it is still one row."""

    __tablename__ = "analytics_events"
    __table_args__ = (
        UniqueConstraint("platform_id", "module", "event", "occurred_at"),
        Index(None, "platform_id", "occurred_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    module: Mapped[str] = mapped_column(String(64))
    event: Mapped[str] = mapped_column(String(40))
    actor: Mapped[str] = mapped_column(String(254))
    occurred_at: Mapped[datetime] = mapped_column(UTCDateTime())
