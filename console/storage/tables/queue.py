"""Huey's three tables, made by the console's migration; the truth is elsewhere, these only wake."""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, LargeBinary, String, Table

from console.storage.base import Base
from console.storage.types import BigKey

huey_queue = Table(
    "huey_queue",
    Base.metadata,
    Column("id", BigKey, primary_key=True),
    Column("queue", String(100), nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("priority", Float, nullable=False, default=0.0),
    Index(None, "queue", "priority", "id"),
)

huey_schedule = Table(
    "huey_schedule",
    Base.metadata,
    Column("id", BigKey, primary_key=True),
    Column("queue", String(100), nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("due_s", Float, nullable=False),  # seconds since the epoch, UTC
    Index(None, "queue", "due_s"),
)

huey_kv = Table(
    "huey_kv",
    Base.metadata,
    Column("queue", String(100), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

__all__ = ["huey_kv", "huey_queue", "huey_schedule"]
