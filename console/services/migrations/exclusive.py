"""One migrating process at a time, and a connection on which a whole branch is one transaction."""

from __future__ import annotations

import fcntl
import hashlib
import re
from collections.abc import Callable, Collection, Generator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import ExecutionContext
from sqlalchemy.engine.interfaces import DBAPICursor

from console.services.migrations.scan import BranchFault, table_owner
from console.storage import faults, private
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
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a")
    except OSError as error:
        raise faults.folder_refused(path.parent, error) from error
    with file:
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


def back_up(engine: Engine, folder: Path, now: datetime, *, pending: Sequence[str]) -> Path | None:
    """A consistent copy of the SQLite file as it is now; None when there is nothing in it.

    The newest few are kept, one for each set of revisions that waited: a branch that fails at every start has its copy
    made again and pushes no other out.

    Args:
        pending: The revisions that are about to be applied.
    """
    with engine.connect() as connection:
        if not connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one():
            return None
    purpose = hashlib.sha256("\n".join(pending).encode()).hexdigest()[:8]
    target = folder / f"before-upgrade-{now:%Y%m%dT%H%M%S%f}-{purpose}.db"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise faults.folder_refused(folder, error) from error
    raw = engine.raw_connection()
    try:
        raw.detach()
        private.make(target)  # SQLite fills an empty file
        raw.cursor().execute("PRAGMA query_only=OFF")
        raw.cursor().execute("VACUUM INTO ?", (str(target),))
    except Exception as error:
        target.unlink(missing_ok=True)
        raise faults.translated(error, writes=True) or error from error
    finally:
        raw.close()
    kept = [path for path in sorted(folder.glob("before-upgrade-*.db")) if path == target or _purpose(path) != purpose]
    for old in set(folder.glob("before-upgrade-*.db")).difference(kept[-BACKUPS_KEPT:]):
        old.unlink(missing_ok=True)
    return target


def _purpose(path: Path) -> str:
    return path.stem.rpartition("-")[2]
