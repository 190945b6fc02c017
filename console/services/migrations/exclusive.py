"""One migrating process at a time, and a connection on which a whole branch is one transaction."""

from __future__ import annotations

import fcntl
import re
from collections.abc import Callable, Collection, Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import ExecutionContext
from sqlalchemy.engine.interfaces import DBAPICursor

from console.services.migrations.scan import BranchFault, table_owner
from console.storage.engine import WRITE

_ADVISORY_LOCK = 0x6D6F6475_6C65  # any fixed number; this one spells "module"
_DDL = re.compile(r"\s*(?:CREATE|ALTER|DROP)\s+TABLE\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?[\"`]?(\w+)", re.IGNORECASE)
_BATCH = "_alembic_tmp_"  # Alembic's name for the copy while it alters a table on SQLite
BACKUPS_KEPT = 5


@contextmanager
def exclusive(engine: Engine) -> Generator[None]:
    """Inside the block no other process migrates this database; waits for one that does.

    The lock ends with the process, however it ends.
    """
    if engine.dialect.name == "sqlite":
        with _file_lock(Path(f"{engine.url.database}.migrate.lock")):
            yield
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.detach()
        connection.exec_driver_sql("SET lock_timeout = 0")
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({_ADVISORY_LOCK})")
        yield


@contextmanager
def _file_lock(path: Path) -> Generator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def branch_transaction(engine: Engine, *, label: str | None, labels: Collection[str]) -> Generator[Connection]:
    """A connection in one writing transaction: all of a branch's revisions, or none.

    SQLite alters a table by copying it, which with foreign keys on would delete the rows that point to it: they are
    off here, checked as a whole before the commit, and the connection is not used again.

    Args:
        label: The module branch whose tables may be defined; None allows every table.
        labels: The labels of all modules.
    """
    connection = engine.connect().execution_options(**{WRITE: True})
    try:
        connection.detach()
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        if label is not None:
            event.listen(connection, "before_cursor_execute", _bounds(label, labels))
        with connection.begin():
            yield connection
            if sqlite:
                _check_foreign_keys(connection)
    finally:
        connection.close()


def _bounds(label: str, labels: Collection[str]) -> Callable[..., None]:
    def check(
        _connection: Connection,
        _cursor: DBAPICursor,
        statement: str,
        _parameters: object,
        _context: ExecutionContext | None,
        _many: bool,
    ) -> None:
        found = _DDL.match(statement)
        table = found[1].removeprefix(_BATCH) if found else ""
        if found and table != "alembic_version" and table_owner(table, labels) != label:
            raise BranchFault(f"the table {table!r} is not of this module ({label}_…)")

    return check


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise BranchFault(f"it leaves a row in {broken[0]!r} that points to a missing row of {broken[2]!r}")


def back_up(engine: Engine, folder: Path, now: datetime) -> Path | None:
    """A consistent copy of the SQLite file as it is now, the newest of a few; None when there is nothing in it."""
    with engine.connect() as connection:
        if not connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one():
            return None
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"before-upgrade-{now:%Y%m%dT%H%M%S%f}.db"
    raw = engine.raw_connection()
    try:
        raw.detach()
        raw.cursor().execute("PRAGMA query_only=OFF")
        raw.cursor().execute("VACUUM INTO ?", (str(target),))
    finally:
        raw.close()
    target.chmod(0o600)
    for old in sorted(folder.glob("before-upgrade-*.db"))[:-BACKUPS_KEPT]:
        old.unlink()
    return target
