"""The key file: made 0600 on first use, whole or not at all; its first line is the key, further ones are older keys.

Older keys stay: what they sealed before a rotation opens with them, and the audit of that time is verified with them.
"""

from __future__ import annotations

import base64
import binascii
import logging
import os
import secrets
import stat
from collections.abc import Sequence
from pathlib import Path

from console.errors import CannotStart

log = logging.getLogger(__name__)
_FORMAT = "module-console-key-1"
KEY_BYTES = 32


def read_or_make(path: Path) -> tuple[bytes, ...]:
    """The keys of the file, the current one first; the file is made when there is none.

    Raises:
        CannotStart: It cannot be made or read, or is no key file.
    """
    try:
        if not path.exists():
            _make(path)
        lines = path.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError as error:
        raise _refused(path, error) from error
    keys = tuple(_key_of(line) for line in lines if line.strip())
    if not keys or b"" in keys:
        raise CannotStart(f"{path} is not a key file.", hint="Bring the right one back from its backup.")
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        log.warning("%s can be read by others (mode %o); chmod 600 closes it", path, mode)
    return keys


def put_new_first(path: Path) -> None:
    """Put a new key before those that the file has; it is replaced whole, so a kill leaves the old one or the new.

    Raises:
        CannotStart: It cannot be written or read.
    """
    keys = (secrets.token_bytes(KEY_BYTES), *read_or_make(path))
    try:
        for left in path.parent.glob(f".{path.name}.*"):  # of one that was killed here
            left.unlink(missing_ok=True)
        draft = _draft(path, keys)
        draft.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise _refused(path, error) from error


def _refused(path: Path, error: OSError) -> CannotStart:
    return CannotStart(
        f"The key file {path} cannot be made or read: {error.strerror}.",
        hint="It and its folder must belong to the user who runs the console.",
    )


def _key_of(line: str) -> bytes:
    words = line.split()
    try:
        key = base64.urlsafe_b64decode(words[1]) if len(words) == 2 and words[0] == _FORMAT else b""
    except (binascii.Error, ValueError):
        key = b""
    return key if len(key) == KEY_BYTES else b""


def _make(path: Path) -> None:
    """Write a first key; of several processes that try, one wins and all use its key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = _draft(path, (secrets.token_bytes(KEY_BYTES),))
    try:
        os.link(draft, path)
    except FileExistsError:
        log.info("%s was made by another process just now", path)
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _draft(path: Path, keys: Sequence[bytes]) -> Path:
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.writelines(f"{_FORMAT} {base64.urlsafe_b64encode(key).decode()}\n" for key in keys)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
