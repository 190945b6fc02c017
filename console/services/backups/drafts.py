"""Files of backups: hidden until they are whole, closed to others, with a manifest beside them, never over another.

A draft is locked by its maker for as long as it is made; one that nobody holds was left by a killed process, and the
next maker in the folder takes it away. A killed one may leave a backup without its manifest, which that maker names.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import re
import secrets
import stat
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from console.errors import RuleRefused, StorageUnavailable
from console.services.backups.manifests import Kind, Manifest, manifest_path
from console.services.operation_views import time_json

FOLDER = "backups"
SUFFIXES: Mapping[Kind, str] = {"sqlite": ".db", "postgresql": ".dump"}
MADE, BEFORE_RESTORE, BEFORE_UPGRADE = "console-", "before-restore-", "before-upgrade-"
_OURS, _PART = "console-draft-", ".part"
_DRAFT = re.compile(rf"\..+\.{_OURS}[0-9a-f]{{8}}{re.escape(_PART)}")
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)
_BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Draft:
    """A backup that is not there yet: its hidden file, and the name that it gets."""

    path: Path
    target: Path

    @property
    def _manifest(self) -> Path:
        return manifest_path(self.path)

    def describe(self, kind: Kind, *, revisions: Mapping[str, tuple[str, ...]], key: str, now: datetime) -> Manifest:
        """Bring the file to the disk and write its manifest, hidden like itself."""
        sync(self.path)
        sha256, size_bytes = digest(self.path)
        found = Manifest(self.target.name, sha256, size_bytes, time_json(now) or "", kind, revisions, key)
        with open(os.open(self._manifest, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(found.as_json(), file, indent=2)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        return found

    def publish(self) -> None:
        """Give the file its name, then its manifest; never over another file.

        Raises:
            RuleRefused: Somebody made a file of that name meanwhile.
            StorageUnavailable: The folder cannot be written in.
        """
        with writing_in(self.target.parent):
            try:
                _give_name(self.path, self.target)
                try:
                    _give_name(self._manifest, manifest_path(self.target))
                except OSError:
                    self.target.unlink()
                    raise
            except FileExistsError as error:
                raise _exists(self.target) from error
            sync(self.target.parent)


@contextmanager
def drafted(target: Path) -> Generator[Draft]:
    """A draft of ``target``, an empty file of its owner's; gone at the end of the block, whatever became of it.

    Raises:
        RuleRefused: There is a file of that name.
        StorageUnavailable: The folder cannot be made or written in.
    """
    with writing_in(target.parent):
        target.parent.mkdir(parents=True, exist_ok=True)
    with hidden(target) as path:
        must_be_free(target)
        yield Draft(path, target)


@contextmanager
def hidden(target: Path) -> Generator[Path]:
    """An empty file of its owner's beside ``target``; gone at the end of the block, with what killed ones left there.

    Raises:
        StorageUnavailable: The folder cannot be written in.
    """
    with writing_in(target.parent):
        take_away_left(target.parent)
        path = target.with_name(f".{target.name}.{_OURS}{secrets.token_hex(4)}{_PART}")
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield path
        finally:
            _forget(path)
            os.close(file)


def _give_name(path: Path, target: Path) -> None:
    """Let a hidden file be ``target``, unless there is one: by a second name, or by its only one where a disk has none.

    Raises:
        OSError: There is a file of that name, or the folder takes none.
    """
    try:
        os.link(path, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        path.replace(target)


def must_be_free(target: Path) -> None:
    """Refuse a name that is taken.

    Raises:
        RuleRefused: There is a file of that name, or a manifest of one.
    """
    if os.path.lexists(target) or os.path.lexists(manifest_path(target)):
        raise _exists(target)


def default_target(data_dir: Path, kind: Kind, now: datetime, *, prefix: str = MADE) -> Path:
    """Where a backup goes when nobody says where."""
    return data_dir / FOLDER / f"{prefix}{now:%Y%m%dT%H%M%S%f}{SUFFIXES[kind]}"


def take_away_left(folder: Path) -> None:
    """Delete the drafts in ``folder`` that nobody makes any more, and nothing that is not a draft of ours."""
    for path in folder.glob(f".*.{_OURS}*{_PART}"):
        with suppress(OSError):
            if not (_DRAFT.fullmatch(path.name) and stat.S_ISREG(path.lstat().st_mode)):
                continue
            file = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _finish(path)
                _forget(path)
            finally:
                os.close(file)


def _finish(draft: Path) -> None:
    """Give the manifest of a draft its name when its maker was killed between the backup's own name and that."""
    target = draft.with_name(draft.name[1:].rpartition(f".{_OURS}")[0])
    with suppress(OSError):
        if target.samefile(draft):
            _give_name(manifest_path(draft), manifest_path(target))


def _forget(draft: Path) -> None:
    """Delete a draft, itself last: as long as it is there the next maker finds all that belongs to it."""
    for left in (manifest_path(draft), *_beside(draft), draft):
        left.unlink(missing_ok=True)


def listed(folder: Path) -> list[Path]:
    """Every backup in ``folder``, by name, those before upgrades and restores too."""
    return sorted(path for suffix in SUFFIXES.values() for path in folder.glob(f"[!.]*{suffix}"))


def digest(path: Path) -> tuple[str, int]:
    """SHA-256 and size of a file."""
    found, size_bytes = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            found.update(block)
            size_bytes += len(block)
    return found.hexdigest(), size_bytes


def sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def writing_in(folder: Path) -> Generator[None]:
    """Names the folder when something in it cannot be written.

    Raises:
        StorageUnavailable: The disk is full, the folder is not this user's, and the like.
    """
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        hint = "Make room, or name a file in a folder that belongs to the user who runs the console."
        raise StorageUnavailable(f"Cannot write in {folder}: {reason}.", hint=hint) from error


def _beside(path: Path) -> list[Path]:
    return [path.with_name(path.name + suffix) for suffix in ("-journal", "-wal", "-shm")]


def _exists(target: Path) -> RuleRefused:
    return RuleRefused(f"{target} exists.", code="backup_exists", hint="A backup never replaces a file; name another.")
