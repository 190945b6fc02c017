"""The clock of an application: on Postgres the server's, the same for every machine; on SQLite this machine's own."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, event

from console.storage import faults
from console.storage.engine import WRITE

_FRESH_S = 1.0
"""How long what was read serves those who only read; who writes reads it anew."""


def clock_of(engine: Engine) -> Callable[[], datetime]:
    """Tells the time by which everything on this database leases, schedules and expires."""
    if engine.dialect.name == "sqlite":
        return lambda: datetime.now(UTC)
    return ServerClock(engine)


class ServerClock:
    """The database server's time, read as transactions begin and carried on between them by a clock that nobody sets.

    A machine whose own clock is wrong therefore neither takes what another holds nor keeps what it has lost.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._read: tuple[datetime, float] | None = None  # the server's time, and the steady clock's then
        event.listen(engine, "begin", self._look)

    def __call__(self) -> datetime:
        """The time; asks the server only when no transaction has begun yet."""
        if self._read is None:
            with self._engine.connect() as connection, connection.begin():
                pass
        assert self._read is not None  # the transaction's begin has read it
        at, steady_s = self._read
        return at + timedelta(seconds=time.monotonic() - steady_s)

    def _look(self, connection: Connection) -> None:
        writes = bool(connection.get_execution_options().get(WRITE, False))
        if not writes and self._read is not None and time.monotonic() - self._read[1] < _FRESH_S:
            return
        began_s = time.monotonic()
        try:
            cursor = connection.connection.cursor()
            cursor.execute("SELECT clock_timestamp()")
            row = cursor.fetchone()
            cursor.close()
        except Exception as error:
            connection.invalidate(error)
            raise faults.translated(error, writes=writes) or error from error
        assert row is not None  # a SELECT without FROM
        self._read = row[0].astimezone(UTC), (began_s + time.monotonic()) / 2


def this_moment() -> datetime:
    """The time of this machine, for what is told where no application is loaded."""
    return datetime.now(UTC)


def ahead_of_server(engine: Engine) -> timedelta:
    """How far this machine's clock is ahead of the database server's; nothing where the file is this machine's."""
    if engine.dialect.name == "sqlite":
        return timedelta()
    with engine.connect() as connection, connection.begin():
        began = this_moment()
        server: datetime = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
        ended = this_moment()
    return began + (ended - began) / 2 - server
