"""What the instance knows about itself: health, runners, applied migrations, key ids, answers of the API."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from console.domain.words import HealthStatus
from console.storage.base import Base
from console.storage.types import Json, UTCDateTime, words


class HealthReport(Base):
    """The last report of a module's health check; ``platform_id`` 0 means shared by all platforms."""

    __tablename__ = "health_reports"

    module: Mapped[str] = mapped_column(String(64), primary_key=True)
    platform_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=0)
    status: Mapped[HealthStatus] = mapped_column(words(HealthStatus))
    message: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[dict[str, object]] = mapped_column(Json)
    checked_at: Mapped[datetime] = mapped_column(UTCDateTime())


class Runner(Base):
    """A live runner; a stale ``seen_at`` means that it is gone."""

    __tablename__ = "runners"

    id: Mapped[str] = mapped_column(String(100), primary_key=True)  # host:pid:start
    kind: Mapped[str] = mapped_column(String(20))  # serve, worker, wait
    started_at: Mapped[datetime] = mapped_column(UTCDateTime())
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime())


class MigrationLedger(Base):
    """Every applied revision with its place in the graph, so that a removed package can be stood in for."""

    __tablename__ = "migration_ledger"

    revision: Mapped[str] = mapped_column(String(100), primary_key=True)
    branch: Mapped[str] = mapped_column(String(64), index=True)
    module: Mapped[str | None] = mapped_column(String(64))  # None: the console's own
    down_revision: Mapped[str | None] = mapped_column(String(100))
    depends_on: Mapped[list[str]] = mapped_column(Json)
    description: Mapped[str] = mapped_column(String(200), default="")
    applied_at: Mapped[datetime] = mapped_column(UTCDateTime())


class InstanceMeta(Base):
    """Facts of the instance by name, the id of the secret key among them."""

    __tablename__ = "instance_meta"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class StoredAnswer(Base):
    """What an API request with an ``Idempotency-Key`` was answered; the same request gets it again for a day.

    Written in the transaction of the request's effect, so that there is one if, and only if, there was an effect.
    """

    __tablename__ = "stored_answers"

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)  # of who asked, and the key
    request: Mapped[bytes] = mapped_column(LargeBinary(32))  # of all that the request says
    status: Mapped[int] = mapped_column(default=0)
    body: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    headers: Mapped[dict[str, object]] = mapped_column(Json)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime(), index=True)
