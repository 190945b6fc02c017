"""Wakes runners of other machines: on Postgres whoever enqueues also notifies, in the same transaction.

Source: https://www.postgresql.org/docs/current/sql-notify.html
"""

from __future__ import annotations

import logging
import math
import time
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.engine.interfaces import PoolProxiedConnection
from sqlalchemy.exc import SQLAlchemyError

from console.errors import Busy

if TYPE_CHECKING:
    import psycopg

    from console.jobs.wake import Channel

log = logging.getLogger("console.jobs")
_NAME = "console_jobs"
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 30.0
_ALL: frozenset[Channel] = frozenset(("queue", "schedule"))
_NOTHING: frozenset[Channel] = frozenset()


def announce(connection: Connection, channel: Channel) -> None:
    """Tell the listeners of every machine, if the connection's transaction commits; on SQLite there are none."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_notify(_NAME, channel)))


class Listener:
    """The one connection by which a machine hears what was enqueued elsewhere; one that is lost is made again.

    Args:
        engine: Of the application; on SQLite nothing is ever heard.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: psycopg.Connection | None = None
        self._pooled: PoolProxiedConnection | None = None
        self._pause_s = _FIRST_PAUSE_S
        self._due_s = 0.0 if engine.dialect.name == "postgresql" else math.inf

    @property
    def descriptors(self) -> tuple[int, ...]:
        """What becomes readable when there is something to hear."""
        return () if self._connection is None else (self._connection.fileno(),)

    def next_try_s(self) -> float:
        """Seconds until the connection is to be made; for ever when there is one."""
        return math.inf if self._connection is not None else max(0.0, self._due_s - time.monotonic())

    def hear(self) -> frozenset[Channel]:
        """The channels that were named since the last call; all when the connection is new and may have missed some."""
        from psycopg import Error  # noqa: PLC0415  # SQLite does without the driver

        try:
            if self._connection is not None:
                named = {each.payload for each in self._connection.notifies(timeout=0)}
                return frozenset(each for each in _ALL if each in named)
            return self._connect() if self.next_try_s() == 0.0 else _NOTHING
        except (Busy, SQLAlchemyError, Error) as error:
            self._lose(error)
            return _NOTHING

    def close(self) -> None:
        """Hear no more."""
        if self._pooled is not None:
            self._pooled.invalidate()  # it listens, so nobody else may have it
        self._pooled = self._connection = None

    def _connect(self) -> frozenset[Channel]:
        pooled = self._engine.raw_connection()
        connection: psycopg.Connection | None = pooled.driver_connection
        assert connection is not None  # it was just made
        self._pooled, self._connection = pooled, connection
        connection.autocommit = True
        connection.execute(f"LISTEN {_NAME}")
        self._pause_s = _FIRST_PAUSE_S
        return _ALL

    def _lose(self, error: Exception) -> None:
        log.warning("other machines are not heard (%s); runners look by themselves meanwhile", error)
        self.close()
        self._due_s = time.monotonic() + self._pause_s
        self._pause_s = min(_LONGEST_PAUSE_S, self._pause_s * 2)
