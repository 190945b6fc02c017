"""The key file, and texts sealed with it: configuration secrets, and keys for whoever signs.

A sealed text is AES-256-GCM under a sub-key of its purpose, bound to the place where it is stored, so that it neither
opens elsewhere nor after a change. The file's id goes with every sealed text and into the database: a wrong key is
found by name instead of by garbage. Source: RFC 5869 for the sub-keys.
"""

from __future__ import annotations

import base64
import binascii
import logging
import os
import secrets
import stat
import threading
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection, insert, select
from sqlalchemy.orm import Session

from console.errors import CannotStart, ConsoleError, WrongKey
from console.storage.tables import InstanceMeta

log = logging.getLogger(__name__)
KEY_ID = "secret_key_id"  # in instance_meta
_FORMAT = "module-console-key-1"
_SEALED = "v1"
_NONCE_BYTES = 12
_KEY_BYTES = 32
_MADE_LOCK = threading.Lock()


class SecretUnreadable(ConsoleError):
    """A sealed text was changed, moved from its place, or never was one."""

    code = "secret_unreadable"


@dataclass(slots=True)
class SecretBox:
    """Seals and opens texts; the key file is read, and made when there is none, on first use."""

    path: Path
    _key: bytes | None = field(default=None, repr=False)
    _sub_keys: dict[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def exists(self) -> bool:
        """Whether there is a key file already."""
        return self.path.exists()

    @property
    def key_id(self) -> str:
        """What names this key without telling it."""
        return self.derive("key-id")[:8].hex()

    def derive(self, purpose: str) -> bytes:
        """A key of 32 bytes for ``purpose``; it says nothing about the keys of other purposes."""
        found = self._sub_keys.get(purpose)
        if found is None:
            info = f"module-console/{purpose}".encode()
            found = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=info).derive(self._secret())
            self._sub_keys[purpose] = found
        return found

    def seal(self, text: str, *, context: str) -> str:
        """``text`` encrypted for one place.

        Args:
            context: Names the place (``config:7:billing:api_key``); only the same one opens it.
        """
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = AESGCM(self.derive("seal")).encrypt(nonce, text.encode(), self._bound(context))
        return f"{_SEALED}.{self.key_id}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, *, context: str) -> str:
        """The text that was sealed for ``context``.

        Raises:
            WrongKey: Another key sealed it; both ids are named.
            SecretUnreadable: It was changed, or belongs to another place.
        """
        version, _, rest = sealed.partition(".")
        key_id, _, body = rest.partition(".")
        if version != _SEALED or not body:
            raise SecretUnreadable("A stored secret is not in a known format.")
        if key_id != self.key_id:
            raise _wrong(self, key_id)
        try:
            raw = base64.urlsafe_b64decode(body.encode())
            text = AESGCM(self.derive("seal")).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], self._bound(context))
        except (InvalidTag, ValueError) as error:  # ValueError: not base64, or too short to be one
            raise SecretUnreadable(
                f"The stored secret of {context} was changed or belongs to another place.", hint="Enter it again."
            ) from error
        return text.decode()

    def _bound(self, context: str) -> bytes:
        return f"{_SEALED}/{context}".encode()

    def _secret(self) -> bytes:
        with _MADE_LOCK:
            if self._key is None:
                self._key = _read_or_make(self.path)
            return self._key


def load_secret_box(path: Path) -> SecretBox:
    """The box of the key file at ``path``; touches nothing until it is used."""
    return SecretBox(path)


def check_key(session: Session, box: SecretBox) -> None:
    """Refuse a key that this database does not know; a database without a key yet takes any.

    Raises:
        WrongKey: Names both ids, or the id whose file is missing.
    """
    known = session.scalar(select(InstanceMeta.value).where(InstanceMeta.name == KEY_ID))
    if known is None:
        return
    if not box.exists:
        raise WrongKey(
            f"The database was made with the key {known}, but {box.path} does not exist.",
            hint="Bring the key file back from its backup; without it the stored secrets cannot be opened.",
            expected=known,
        )
    if known != box.key_id:
        raise _wrong(box, known)


def bind_key(connection: Connection, box: SecretBox) -> None:
    """Remember this key as the database's, in the transaction of ``connection``; makes the file when there is none."""
    if connection.execute(select(InstanceMeta.value).where(InstanceMeta.name == KEY_ID)).first() is None:
        connection.execute(insert(InstanceMeta).values(name=KEY_ID, value=box.key_id))


def _wrong(box: SecretBox, expected: str) -> WrongKey:
    return WrongKey(
        f"The key file {box.path} has the id {box.key_id}, but the database was made with {expected}.",
        hint="Use the key file that belongs to this database.",
        expected=expected,
        found=box.key_id,
    )


def _read_or_make(path: Path) -> bytes:
    try:
        if not path.exists():
            _make(path)
        words = path.read_text(encoding="ascii", errors="replace").split()
    except OSError as error:
        raise CannotStart(
            f"The key file {path} cannot be made or read: {error.strerror}.",
            hint="It and its folder must belong to the user who runs the console.",
        ) from error
    try:
        key = base64.urlsafe_b64decode(words[1]) if len(words) == 2 and words[0] == _FORMAT else b""
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != _KEY_BYTES:
        raise CannotStart(f"{path} is not a key file.", hint="Bring the right one back from its backup.")
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        log.warning("%s can be read by others (mode %o); chmod 600 closes it", path, mode)
    return key


def _make(path: Path) -> None:
    """Write a new key, whole or not at all; of several processes that try, one wins and all use its key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    text = f"{_FORMAT} {base64.urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)).decode()}\n"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        _link(draft, path)
    finally:
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _link(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        log.info("%s was made by another process just now", path)
