"""The engine of an application: one SQLite file or one Postgres, the same rules on both.

A transaction reads unless its connection has the execution option ``console_write``; then it begins IMMEDIATE on
SQLite, so that it can wait for its turn instead of failing half-way. A reading transaction sees one moment, so that
rows and the revision that they are told with belong together, and it cannot write, whatever road the statement takes.
Sources: https://sqlite.org/pragma.html#pragma_query_only,
https://www.postgresql.org/docs/current/transaction-iso.html#XACT-REPEATABLE-READ

Once the database could not be used, no connection of the pool is used again: one that SQLite opened while the file
could only be read stays so until it is closed.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, cast

from flask import Flask
from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from console.errors import StorageUnavailable
from console.settings import Settings
from console.storage import faults, private
from console.storage.base import db
from console.storage.scope import guard

if TYPE_CHECKING:
    from psycopg import Connection as PsycopgConnection

WRITE = "console_write"
_READ_ONLY = "console_read_only"  # in the pooled connection's info: how its transactions begin at the moment


def configure(app: Flask, settings: Settings) -> None:
    """Give the application its engine and ``db.session``; connects to nothing yet."""
    url = database_url(settings)
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _options(url, settings)
    db.init_app(app)
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "sqlite":
        event.listen(engine, "do_connect", _made_private(engine.url))
        event.listen(engine, "connect", _prepare_sqlite(settings.busy_timeout_s))
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgres)
    event.listen(engine, "before_cursor_execute", guard)
    event.listen(engine, "handle_error", _translated)


def database_url(settings: Settings) -> URL:
    """The database's URL with the driver that the console uses."""
    url = make_url(settings.database_url)
    if url.drivername in {"postgresql", "postgres"}:
        return url.set(drivername="postgresql+psycopg")
    return url


def sqlite_driver() -> ModuleType:
    """The SQLite driver: the wheel that brings a current SQLite where there is one, else Python's own."""
    try:
        from pysqlite3 import dbapi2  # noqa: PLC0415  # only Linux has the wheel
    except ImportError:
        return sqlite3.dbapi2
    return cast("ModuleType", dbapi2)


def _options(url: URL, settings: Settings) -> dict[str, object]:
    if url.get_backend_name() == "sqlite":
        return {"module": sqlite_driver()}
    given = url.query.get("options", "")
    options = " ".join([*([given] if isinstance(given, str) else given), f"-c lock_timeout={_ms(settings)}"])
    return {"connect_args": {"options": options.strip()}, "pool_pre_ping": True}


def _ms(settings: Settings) -> int:
    return max(1, int(settings.busy_timeout_s * 1000))


def _made_private(url: URL) -> Callable[..., None]:
    """What happens before each new connection: a file that is not there yet is made for its owner alone."""
    file = private.file_of(url)

    def make(*_: object) -> None:
        if file is not None and not file.exists():
            private.make(file)

    return make


def _prepare_sqlite(busy_timeout_s: float) -> Callable[[DBAPIConnection, ConnectionPoolEntry], None]:
    """What happens to each new connection; the order matters: waiting comes first, as WAL may have to wait."""

    def prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # BEGIN is ours
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={int(busy_timeout_s * 1000)}")
        _switch_to_wal(connection, busy_timeout_s)
        for pragma in ("synchronous=FULL", "foreign_keys=ON", "trusted_schema=OFF"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return prepare


def _switch_to_wal(connection: DBAPIConnection, busy_timeout_s: float) -> None:
    """Set WAL; processes that open a new file together can lose this race at once, whatever the busy time-out."""
    deadline = time.monotonic() + busy_timeout_s
    while True:
        cursor = connection.cursor()
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except Exception as error:
            if not faults.is_busy(error) or time.monotonic() > deadline:
                raise
        finally:
            cursor.close()
        time.sleep(random.uniform(0.002, 0.02))  # noqa: S311  # spreads the racers, guards nothing


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get(WRITE, False)
    raw = connection.connection
    try:
        cursor = raw.cursor()
        if raw.info.get(_READ_ONLY) is not (not write):
            cursor.execute(f"PRAGMA query_only={'OFF' if write else 'ON'}")
            raw.info[_READ_ONLY] = not write
        cursor.execute("BEGIN IMMEDIATE" if write else "BEGIN DEFERRED")
        cursor.close()
    except Exception as error:
        raise faults.translated(error, writes=write) or error from error


def _begin_postgres(connection: Connection) -> None:
    raw = connection.connection
    read_only = not connection.get_execution_options().get(WRITE, False)
    if raw.info.get(_READ_ONLY) is not read_only:
        from psycopg import IsolationLevel  # noqa: PLC0415  # only where its driver is loaded already

        driver = cast("PsycopgConnection[tuple[object, ...]]", raw.dbapi_connection)
        driver.read_only = read_only  # this and the level go out with its BEGIN
        driver.isolation_level = IsolationLevel.REPEATABLE_READ if read_only else IsolationLevel.READ_COMMITTED
        raw.info[_READ_ONLY] = read_only


def _translated(context: ExceptionContext) -> Exception | None:
    if context.is_pre_ping:  # the pool only asks whether a connection still lives
        return None
    connection = context.connection  # none while it is being made
    writes = connection is None or bool(connection.get_execution_options().get(WRITE, False))
    found = faults.translated(context.original_exception, writes=writes)
    if isinstance(found, StorageUnavailable) and _is_pooled(connection):
        context.is_disconnect = True
    return found


def _is_pooled(connection: Connection | None) -> bool:
    """Whether the pool would give the connection to others; one that is detached is closed by whoever has it."""
    if connection is None or connection.invalidated:
        return False
    try:
        return not connection.connection.is_detached
    except NotImplementedError:  # SQLAlchemy's stand-in for its first questions to a server, before the pool has one
        return False


def taken_back(connection: Connection) -> bool:
    """Whether the database has given up the open transaction; its COMMIT would succeed and keep nothing.

    SQLite may roll back by itself (a full disk, an I/O error), Postgres only waits for the end after any error.
    Sources: https://sqlite.org/lang_transaction.html, https://www.postgresql.org/docs/current/sql-commit.html
    """
    raw = connection.connection.dbapi_connection
    if raw is None:
        return True
    if connection.dialect.name == "sqlite":
        return not raw.in_transaction
    from psycopg.pq import TransactionStatus  # noqa: PLC0415  # only where its driver is loaded already

    return bool(raw.info.transaction_status == TransactionStatus.INERROR)


def storage_version(engine: Engine) -> str:
    """Name and version of the database behind ``engine``, as ``doctor`` shows it."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            return f"SQLite {sqlite_driver().sqlite_version}"
        return f"PostgreSQL {connection.exec_driver_sql('SHOW server_version').scalar_one()}"
