"""What a driver's refusal means to whoever asked: wait, look at the machine, or mend the code."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from console.errors import Busy, ConsoleError, OutsideUnitOfWork, StorageUnavailable

_BUSY, _LOCKED, _READ_ONLY = 5, 6, 8
_WRITABLE = "The data folder and its files must be writable for the user who runs the console."
_SQLITE: Mapping[int, tuple[str, str]] = {
    3: ("may not be used", _WRITABLE),
    _READ_ONLY: ("cannot be written to", _WRITABLE),
    10: ("cannot be read or written", "The disk failed; the log of the system says more."),
    11: ("is damaged", "Restore a backup: `backup verify` says which are whole."),
    13: ("cannot grow", "The disk is full: make room, then try again."),
    14: ("cannot be opened", "Does the folder exist, and is it this user's? `module-console db upgrade` makes it."),
    26: ("is damaged", "Restore a backup: `backup verify` says which are whole."),
}
"""SQLite's primary result code → what is the matter with the file, and what to do. Source: sqlite.org/rescode.html"""
_POSTGRES_BUSY = {"55P03", "40P01", "40001"}  # lock not available, deadlock, serialization failure
_POSTGRES_READ_ONLY = "25006"
_POSTGRES_AWAY = ("08", "28", "3D", "53", "57P", "58")
"""Classes of SQLSTATE: connection, authorisation, no such database, resources, shutdown, the server's system."""


def translated(error: BaseException | None, *, writes: bool) -> ConsoleError | None:
    """The console's error for a driver's, None for one that is nobody's but the statement's.

    Args:
        writes: Whether the transaction was begun for writing.
    """
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        return _of_sqlite(int(code), error, writes=writes)
    state = getattr(error, "sqlstate", "")  # psycopg's have it, None where the server did not say
    return None if state == "" else _of_postgres(state, error, writes=writes)


def folder_refused(folder: Path, error: OSError) -> StorageUnavailable:
    """The console's error for a data folder in which nothing can be made."""
    return StorageUnavailable(f"Cannot write in {folder}: {error.strerror}.", hint=_WRITABLE)


def is_busy(error: BaseException) -> bool:
    """Whether somebody else holds what was asked for."""
    found = translated(error, writes=True)
    return found is not None and found.code == Busy.code


def _of_sqlite(code: int, error: BaseException | None, *, writes: bool) -> ConsoleError | None:
    primary = code & 0xFF
    if primary in (_BUSY, _LOCKED):
        return Busy()
    if code == _READ_ONLY and not writes:  # readers are stopped by `query_only`; what a file forbids them has subcodes
        return _outside()
    if primary in _SQLITE:
        what, hint = _SQLITE[primary]
        return StorageUnavailable(f"The database file {what}: {error}.", hint=hint)
    return None


def _of_postgres(state: str | None, error: BaseException | None, *, writes: bool) -> ConsoleError | None:
    if state in _POSTGRES_BUSY:
        return Busy()
    if state == _POSTGRES_READ_ONLY:
        return StorageUnavailable("The database server takes no writes.") if writes else _outside()
    if state.startswith(_POSTGRES_AWAY) if state else _never_answered(error):
        lines = str(error).strip().splitlines() or [type(error).__name__]
        return StorageUnavailable(
            f"The database does not answer: {lines[0]}.", hint="Is the server up, and is CONSOLE_DATABASE_URL right?"
        )
    return None


def _never_answered(error: BaseException | None) -> bool:
    """Whether the driver lost or never had its connection; psycopg has no state for that."""
    from psycopg import OperationalError  # noqa: PLC0415  # only where its error is at hand

    return isinstance(error, OperationalError)


def _outside() -> OutsideUnitOfWork:
    return OutsideUnitOfWork(
        "A reading transaction tried to write.", hint="Write inside `with unit_of_work() as uow:`."
    )
