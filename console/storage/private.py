"""Files of the database are the owner's alone: whoever else may log in to the machine reads none of them.

SQLite gives what it makes beside a file the mode of that file, so it is enough that the file itself is made closed.
Source: https://sqlite.org/wal.html, https://sqlite.org/src/file/src/os_unix.c (``findCreateFileMode``)
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from sqlalchemy.engine import URL

OTHERS = 0o077
_MODE = 0o600
_BESIDE = ("", "-wal", "-shm", "-journal")


def file_of(url: URL) -> Path | None:
    """The file of a SQLite database; None for one in memory, by ``file:`` address, or on a server."""
    name = url.database or ""
    if url.get_backend_name() != "sqlite" or name in {"", ":memory:"} or name.startswith("file:"):
        return None
    return Path(name)


def make(path: Path) -> None:
    """Make ``path`` as an empty file for its owner alone, unless it is there; what cannot be made SQLite will name."""
    with suppress(OSError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _MODE))


def open_to_others(path: Path) -> dict[Path, int]:
    """Which files of the database ``path`` somebody but the owner can use, with their modes."""
    return {file: mode for file, mode in _modes(path) if mode & OTHERS}


def close_to_others(path: Path) -> None:
    """Take the rights of everybody else from the files of the database ``path``, where they are this user's."""
    for file, mode in open_to_others(path).items():
        with suppress(OSError):  # another owner's: `doctor` names it
            file.chmod(mode & ~OTHERS)


def _modes(path: Path) -> Iterator[tuple[Path, int]]:
    for suffix in _BESIDE:
        file = path.with_name(path.name + suffix)
        with suppress(FileNotFoundError):
            yield file, stat.S_IMODE(file.stat().st_mode)
