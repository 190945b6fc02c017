"""Who uses the database of a data folder for as long as it runs: `serve` and `worker` share a lock on it.

The lock belongs to the process and all that it forks, and ends with the last of them, however that ends.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from console.storage import faults

log = logging.getLogger(__name__)
_NAME = "in-use.lock"


def occupy(folder: Path) -> None:
    """Use the database from here to the end of this process; waits while somebody needs it alone.

    Where nothing can be written nobody can restore either.
    """
    with suppress(OSError):
        handle = _opened(folder)
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            log.info("a backup is being restored; waiting for its end")
            fcntl.flock(handle, fcntl.LOCK_SH)


@contextmanager
def vacated(folder: Path) -> Generator[bool]:
    """Whether nobody occupies the folder; if so, nobody does until the block ends.

    Raises:
        StorageUnavailable: Nothing can be written there.
    """
    try:
        handle = _opened(folder)
    except OSError as error:
        raise faults.folder_refused(folder, error) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        fcntl.flock(handle, fcntl.LOCK_UN)  # a process that was forked meanwhile has the handle too
        os.close(handle)


def _opened(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    return os.open(folder / _NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
