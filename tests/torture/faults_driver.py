"""A driver that counts what it is asked, and at one number answers as a database in trouble does.

It stands below everything of the console and of SQLAlchemy: BEGIN, PRAGMA, SELECT and COMMIT are counted alike, and
what is raised comes from the place where the driver itself would raise it.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, cast

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import DBAPIConnection

from console.storage.engine import sqlite_driver

Raw = Any  # the driver's connection: two drivers, and what they share is not enough
Fault = Callable[[Raw], None]
"""Happens in place of a statement, or just before it when it returns."""


@dataclass(slots=True)
class Trouble:
    """What goes wrong, and when.

    Args:
        at: The number of the statement, from 1; 0 counts only.
        lasting: Whether every statement after it meets the same, until the trouble is over.
        met: How often it went wrong.
    """

    fault: Fault | None = None
    at: int = 0
    lasting: bool = False
    count: int = 0
    met: int = 0
    _busy: bool = field(default=False, repr=False)

    def begin(self, fault: Fault, at: int, *, lasting: bool = False) -> None:
        """Count from 0 again, towards this fault."""
        self.fault, self.at, self.lasting, self.count, self.met = fault, at, lasting, 0, 0

    def end(self) -> int:
        """Nothing goes wrong any more; how many statements there were."""
        self.at = 0
        return self.count

    def pass_by(self, connection: object) -> None:
        """Count a statement that is about to be sent on ``connection``."""
        if self._busy or self.fault is None:
            return
        self.count += 1
        if self.at and (self.count == self.at or (self.lasting and self.count > self.at)):
            self.met += 1
            self._busy = True
            try:
                self.fault(connection)
            finally:
                self._busy = False


def watch(engine: Engine) -> Trouble:
    """The trouble that connections of ``engine`` meet from now on; those that it has are closed."""
    trouble = Trouble()
    connect = _sqlite_connect(sqlite_driver(), trouble) if engine.dialect.name == "sqlite" else _pg_connect(trouble)

    def do_connect(_dialect: Dialect, _entry: object, given: list[Any], named: dict[str, Any]) -> DBAPIConnection:
        return connect(*given, **named)

    event.listen(engine, "do_connect", do_connect)
    engine.dispose()
    return trouble


def _sqlite_connect(driver: ModuleType, trouble: Trouble) -> Callable[..., DBAPIConnection]:
    class Cursor(driver.Cursor):  # type: ignore[name-defined, misc]  # one of two modules
        def execute(self, *given: object) -> object:
            trouble.pass_by(self.connection)
            return super().execute(*given)

        def executemany(self, *given: object) -> object:
            trouble.pass_by(self.connection)
            return super().executemany(*given)

    class Connection(driver.Connection):  # type: ignore[name-defined, misc]  # one of two modules
        def cursor(self, factory: type = Cursor) -> object:
            return super().cursor(factory)

        def commit(self) -> None:
            trouble.pass_by(self)
            super().commit()

    def connect(*given: object, **named: object) -> DBAPIConnection:
        return cast("DBAPIConnection", driver.connect(*given, factory=Connection, **named))

    return connect


def _pg_connect(trouble: Trouble) -> Callable[..., DBAPIConnection]:
    class Cursor(psycopg.Cursor[Any]):
        def execute(self, *given: Any, **named: Any) -> Any:  # as psycopg has it
            trouble.pass_by(self.connection)
            return super().execute(*given, **named)

        def executemany(self, *given: Any, **named: Any) -> Any:  # as psycopg has it
            trouble.pass_by(self.connection)
            return super().executemany(*given, **named)

    class Connection(psycopg.Connection[Any]):
        def commit(self) -> None:
            trouble.pass_by(self)
            super().commit()

    def connect(*given: Any, **named: Any) -> DBAPIConnection:  # as psycopg has it
        return cast("DBAPIConnection", Connection.connect(*given, cursor_factory=Cursor, **named))

    return connect


# --- what can go wrong -----------------------------------------------------------------------------------------------


def sqlite_fault(code: int, text: str, *, rolls_back: bool = False) -> Fault:
    """SQLite answers with that result code.

    Args:
        rolls_back: SQLite ends the whole transaction by itself, as it may for a full disk and a failing one.
    """

    def fault(connection: Raw) -> None:
        if rolls_back and connection.in_transaction:
            connection.rollback()
        error = sqlite_driver().OperationalError(text)
        error.sqlite_errorcode = code
        raise error

    return fault


def postgres_fault(state: str, text: str) -> Fault:
    """The server itself answers with that SQLSTATE, and the transaction is broken as by any error."""

    def fault(connection: Raw) -> None:
        connection.cursor().execute(f"DO $$ BEGIN RAISE EXCEPTION '{text}' USING ERRCODE = '{state}'; END $$")

    return fault


def ended_by(url: str) -> Fault:
    """The server ends the connection; the statement finds it gone."""

    def fault(connection: Raw) -> None:
        with psycopg.connect(url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.info.backend_pid])

    return fault


def killed(_connection: object) -> None:
    """This process dies on the spot."""
    os.kill(os.getpid(), signal.SIGKILL)


def faults_of(database: str, url: str) -> dict[str, Fault]:
    """What a database of that kind may answer, by its name."""
    if database == "sqlite":
        return {
            "disk full": sqlite_fault(13, "database or disk is full", rolls_back=True),
            "I/O error": sqlite_fault(778, "disk I/O error", rolls_back=True),
            "locked": sqlite_fault(5, "database is locked"),
        }
    return {
        "disk full": postgres_fault("53100", "could not extend file: No space left on device"),
        "I/O error": postgres_fault("58030", "could not read block 7: Input/output error"),
        "locked": postgres_fault("55P03", "canceling statement due to lock timeout"),
        "connection lost": ended_by(url),
    }
