"""One SQLite file: copied while it is in use, looked at without touching it, and replaced in one transaction."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from console.errors import ConsoleError, RuleRefused
from console.services.backups import drafts
from console.storage import faults, private
from console.storage.engine import sqlite_driver

log = logging.getLogger(__name__)
Raw = Any  # the driver's connection: one of two modules
PAGES = 2000
"""How many pages of a restore are written between two lines of the log."""
BESIDE = ("-wal", "-shm", "-journal")
_WAIT_S = 1.0


def copy(engine: Engine, path: Path) -> None:
    """Fill the empty file ``path`` with the database as it is at one moment, whoever writes meanwhile.

    Raises:
        StorageUnavailable: The disk is full, or the database is damaged.
    """
    raw = engine.raw_connection()
    try:
        raw.detach()
        raw.cursor().execute("PRAGMA query_only=OFF")
        raw.cursor().execute("VACUUM INTO ?", (str(path),))
    except Exception as error:
        raise faults.translated(error, writes=True) or error from error
    finally:
        raw.close()


def opened(path: Path) -> Engine:
    """An engine that reads the file ``path`` and changes nothing, neither in it nor beside it."""
    return create_engine("sqlite://", module=sqlite_driver(), creator=lambda: _reader(path), poolclass=NullPool)


def faults_of(path: Path) -> list[tuple[str, str]]:
    """What SQLite itself finds wrong with a file: a code and a text for each."""
    try:
        with closing(_reader(path)) as raw:
            said = [str(row[0]) for row in raw.execute("PRAGMA integrity_check(3)")]
            if said != ["ok"]:
                return [("damaged", "; ".join(line.replace("\n", " ") for line in said))]
            loose = raw.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite_driver().DatabaseError as error:
        return [("damaged", str(error))]
    tables = sorted({str(row[0]) for row in loose})
    return (
        [("foreign_keys", f"{len(loose)} rows point to rows that are not there: {', '.join(tables)}")] if loose else []
    )


def _reader(path: Path) -> Raw:
    raw = sqlite_driver().connect(f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1", uri=True)
    raw.execute("PRAGMA trusted_schema=OFF")
    return raw


@contextmanager
def held(path: Path) -> Generator[Raw | None]:
    """The only connection to the live file ``path``: nobody else opens it inside the block. None when it is damaged.

    Raises:
        RuleRefused: Another process has it open.
        StorageUnavailable: It cannot be opened at all, as a folder for instance.
    """
    try:
        raw = sqlite_driver().connect(str(path), timeout=_WAIT_S)
    except sqlite_driver().DatabaseError as error:
        raise faults.translated(error, writes=True) or error from error
    raw.isolation_level = None
    is_ours = False
    try:
        is_ours = _is_ours_alone(raw)
    finally:
        if not is_ours:
            raw.close()
    if not is_ours:
        yield None
        return
    try:
        yield raw
    finally:
        with suppress(sqlite_driver().DatabaseError):
            raw.execute("PRAGMA locking_mode=NORMAL")
            raw.execute("SELECT count(*) FROM sqlite_master").fetchone()  # with it goes the lock
        raw.close()


def _is_ours_alone(raw: Raw) -> bool:
    """Whether the file could be locked and its log is part of it; False when no lock helps, as it is damaged.

    Every connection in WAL mode, an idle one too, keeps the file from leaving that mode.
    Source: https://sqlite.org/wal.html#persistence_of_wal_mode

    Raises:
        RuleRefused: Another process has it open.
    """
    try:
        raw.execute("PRAGMA locking_mode=EXCLUSIVE")
        raw.execute("PRAGMA journal_mode=DELETE")
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute("BEGIN EXCLUSIVE")
        raw.execute("COMMIT")
    except sqlite_driver().DatabaseError as error:
        if faults.is_busy(error):
            raise in_use("another process has the database file open") from error
        found = faults.translated(error, writes=True)
        if found is None or "is damaged" not in found.message:
            raise found or error from error
        return False
    return True


def in_use(who: str) -> RuleRefused:
    """The error of a database that somebody uses."""
    hint = "Stop `serve`, `worker` and every other command first: they would go on with what they know of the old one."
    return RuleRefused(f"The database is in use: {who}. Nothing was changed.", code="database_in_use", hint=hint)


def keep(raw: Raw | None, live: Path, target: Path) -> None:
    """Copy the live file, page by page, to ``target``; of a damaged one the bytes.

    Raises:
        StorageUnavailable: The disk is full.
    """
    if raw is not None:
        try:
            with closing(sqlite_driver().connect(str(target))) as copied:
                raw.backup(copied)
        except sqlite_driver().DatabaseError as error:
            raise faults.translated(error, writes=True) or error from error
        return
    shutil.copyfile(live, target)


def keep_log(live: Path, target: Path) -> None:
    """Copy the write-ahead log of a damaged file to where it is found with the copy of the file."""
    written = live.with_name(f"{live.name}-wal")
    if written.exists():
        kept = target.with_name(f"{target.name}-wal")
        private.make(kept)
        shutil.copyfile(written, kept)


def replace(raw: Raw | None, live: Path, fresh: Path) -> None:
    """Put the content of ``fresh`` into the live file, in one transaction: after a kill it is the old one or the new.

    A damaged file, which nobody can open, is replaced as a file.

    Args:
        raw: What ``held`` gave.
        fresh: A whole database that is not in WAL mode.

    Raises:
        StorageUnavailable: The disk is full; the old content is there.
    """
    if raw is None:
        _replace_file(live, fresh)
        return
    try:
        with closing(sqlite_driver().connect(str(fresh))) as source:
            source.backup(raw, pages=PAGES, progress=_told)
    except sqlite_driver().DatabaseError as error:
        raise faults.translated(error, writes=True) or ConsoleError(str(error)) from error


def _replace_file(live: Path, fresh: Path) -> None:
    """Give a copy of ``fresh`` the name of a damaged file; the two may be on different disks."""
    with drafts.hidden(live) as copied:
        shutil.copyfile(fresh, copied)
        drafts.sync(copied)
        for suffix in BESIDE:
            live.with_name(live.name + suffix).unlink(missing_ok=True)
        copied.replace(live)
        drafts.sync(live.parent)


def _told(_status: int, remaining: int, total: int) -> None:
    log.debug("%d of %d pages are restored", total - remaining, total)


def leave_wal(path: Path) -> None:
    """Bring the log of a file that nobody uses into it, and take the file out of WAL mode."""
    with closing(sqlite_driver().connect(str(path))) as raw:
        raw.execute("PRAGMA journal_mode=DELETE")
