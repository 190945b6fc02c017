"""The key file, and texts sealed with it: configuration secrets, and keys for whoever signs.

A sealed text is AES-256-GCM under a sub-key of its purpose, bound to the place where it is stored, so that it neither
opens elsewhere nor after a change. The file's id goes with every sealed text and into the database: a wrong key is
found by name instead of by garbage. Older keys of the file open what they sealed. Source: RFC 5869 for the sub-keys.
"""

from __future__ import annotations

import base64
import secrets
import threading
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection, insert, select
from sqlalchemy.orm import Session

from console.errors import ConsoleError, WrongKey
from console.services import key_file
from console.storage.tables import InstanceMeta

KEY_ID = "secret_key_id"  # in instance_meta
_SEALED = "v1"
_NONCE_BYTES = 12
_MADE_LOCK = threading.Lock()


class SecretUnreadable(ConsoleError):
    """A sealed text was changed, moved from its place, or never was one."""

    code = "secret_unreadable"


@dataclass(slots=True)
class SecretBox:
    """Seals and opens texts; the key file is read, and made when there is none, on first use."""

    path: Path
    _keys: tuple[bytes, ...] = field(default=(), repr=False)
    _derived: dict[tuple[bytes, str], bytes] = field(default_factory=dict, repr=False)

    @property
    def exists(self) -> bool:
        """Whether there is a key file already."""
        return self.path.exists()

    @property
    def key_id(self) -> str:
        """What names this key without telling it."""
        return self._id_of(self._current())

    def keys(self, purpose: str) -> dict[str, bytes]:
        """Key id → the key for ``purpose`` of each key that the file has, the current one first."""
        self._current()
        return {self._id_of(key): self._derive(key, purpose) for key in self._keys}

    def derive(self, purpose: str) -> bytes:
        """A key of 32 bytes for ``purpose``; it says nothing about the keys of other purposes."""
        return self._derive(self._current(), purpose)

    def follow(self, key_id: str) -> None:
        """Read the file again when ``key_id`` is not the key in use: another process may have renewed it."""
        if key_id and key_id != self.key_id:
            self._keys = key_file.read_or_make(self.path)

    def must_have(self, key_id: str) -> None:
        """Refuse to go on with a file that lacks a key with which the database was written.

        Raises:
            WrongKey: Both ids are named.
        """
        self.follow(key_id)
        if key_id and key_id not in self.keys("key-id"):
            raise _wrong(self, key_id)

    def renew(self) -> None:
        """Make a new key the current one; the file keeps the others behind it."""
        key_file.put_new_first(self.path)
        self._keys = key_file.read_or_make(self.path)

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
        self.must_have(key_id)
        try:
            raw = base64.urlsafe_b64decode(body.encode())
            text = AESGCM(self.keys("seal")[key_id]).decrypt(
                raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], self._bound(context)
            )
        except (InvalidTag, ValueError) as error:  # ValueError: not base64, or too short to be one
            raise SecretUnreadable(
                f"The stored secret of {context} was changed or belongs to another place.", hint="Enter it again."
            ) from error
        return text.decode()

    def _bound(self, context: str) -> bytes:
        return f"{_SEALED}/{context}".encode()

    def _current(self) -> bytes:
        with _MADE_LOCK:
            if not self._keys:
                self._keys = key_file.read_or_make(self.path)
            return self._keys[0]

    def _id_of(self, key: bytes) -> str:
        return self._derive(key, "key-id")[:8].hex()

    def _derive(self, key: bytes, purpose: str) -> bytes:
        found = self._derived.get((key, purpose))
        if found is None:
            info = f"module-console/{purpose}".encode()
            found = HKDF(algorithm=SHA256(), length=key_file.KEY_BYTES, salt=None, info=info).derive(key)
            self._derived[key, purpose] = found
        return found


def load_secret_box(path: Path) -> SecretBox:
    """The box of the key file at ``path``; touches nothing until it is used."""
    return SecretBox(path)


def check_key(session: Session, box: SecretBox) -> None:
    """Refuse a key that this database does not know; a database without a key yet takes any.

    In the middle of a rotation the database knows one of the older keys of the file.

    Raises:
        WrongKey: Names both ids, or the id whose file is missing.
    """
    known = known_key(session)
    if not known:
        return
    if not box.exists:
        raise WrongKey(
            f"The database was made with the key {known}, but {box.path} does not exist.",
            hint="Bring the key file back from its backup; without it the stored secrets cannot be opened.",
            expected=known,
        )
    box.must_have(known)


def known_key(session: Session) -> str:
    """The id of the key that the database is bound to, empty before its first upgrade."""
    return session.scalar(select(InstanceMeta.value).where(InstanceMeta.name == KEY_ID)) or ""


def key_id_of(sealed: str) -> str:
    """The id of the key that sealed a text."""
    return sealed.partition(".")[2].partition(".")[0]


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
