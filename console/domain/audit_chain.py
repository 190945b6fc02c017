"""The chains of the audit: what a seal covers, and what is wrong with a chain that was meddled with.

Entries of one platform form a chain, those of no platform another. Each has a place, counted from 1 without a gap,
and a seal: an HMAC over its columns and the seal before it. Who can write the database but has no key can neither
change, take away, add nor move an entry without a trace; who cuts off the end, head and all, is found by the anchor.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, Protocol

Wrong = Literal["edited", "missing", "moved", "unsealed", "old_key", "head", "behind", "replaced"]
Keys = Mapping[str, bytes]
Anchor = Mapping[int, Mapping[int, str]]
"""Chain → place → the seal that was at that place when its transaction was committed."""

RESTORED: tuple[Wrong, ...] = ("behind", "replaced")
"""What a database that was brought back from a backup shows, and nothing else does."""


class Entry(Protocol):
    """A row of the audit. What a stranger wrote into a column may be anything; then it is read as it lies there."""

    @property
    def at(self) -> datetime | str:
        """When it happened."""

    @property
    def count(self) -> int:
        """How often."""

    @property
    def count_seal(self) -> str:
        """The seal of ``count``."""

    @property
    def id(self) -> int:
        """The key of the row."""

    @property
    def place(self) -> int:
        """Its place in its chain."""

    @property
    def previous(self) -> str:
        """The seal of the entry before it."""

    @property
    def seal(self) -> str:
        """Its own."""


_SEALED = (
    *("id", "platform_id", "platform", "actor", "source", "action", "target", "reason", "request_id"),
    *("operation_id", "before", "after", "once", "place", "previous"),
)
_FORGED: tuple[Wrong, ...] = ("edited", "unsealed")


@dataclass(frozen=True, slots=True)
class Head:
    """The last place of a chain and its seal."""

    chain: int
    platform: str
    place: int
    seal: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong at one place of one chain.

    Args:
        platform: The chain's slug, empty for the instance's.
        entry: Id of the entry, None where it is gone.
        until: The last place of those that are gone.
    """

    chain: int
    platform: str
    place: int
    entry: int | None
    wrong: Wrong
    until: int


def canonical(entry: Entry) -> bytes:
    """The bytes that a seal covers, the same for what either database gives back."""
    facts = {name: getattr(entry, name) for name in _SEALED}
    at = entry.at
    facts["at"] = at if isinstance(at, str) else at.astimezone(UTC).isoformat(timespec="microseconds")
    plain = _numbers(json.loads(json.dumps(facts, default=repr)))
    return json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()


def _numbers(value: object) -> object:
    """Whole numbers as integers: Postgres does not keep how a number was written."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: _numbers(each) for name, each in value.items()}
    return [_numbers(each) for each in value] if isinstance(value, list) else value


def seal_of(entry: Entry, key_id: str, key: bytes) -> str:
    """The seal of ``entry`` at its place, with the key's name before it."""
    return _mac(key_id, key, canonical(entry))


def count_seal_of(entry: Entry, key_id: str, key: bytes) -> str:
    """The seal of how often it happened; empty for what happened once."""
    return _mac(key_id, key, f"{entry.seal}/{entry.count}".encode()) if entry.count != 1 else ""


def _mac(key_id: str, key: bytes, text: bytes) -> str:
    return f"{key_id}.{hmac.new(key, text, hashlib.sha256).hexdigest()}"


def key_id_of(seal: str) -> str:
    """The name of the key that made ``seal``."""
    return seal.partition(".")[0]


@dataclass(slots=True)
class Walk:
    """One look along one chain, entry by entry in the order of their places.

    Args:
        keys: Key id → key, every key that ever sealed.
        anchored: Place → seal, as the anchor has them.
    """

    head: Head
    keys: Keys
    anchored: Mapping[int, str]
    place: int = 0
    seal: str = ""
    sound: bool = True
    _used: list[str] = field(default_factory=list)

    def findings(self, entries: Iterable[Entry]) -> Iterator[Finding]:
        """Everything that is wrong with the chain."""
        for entry in entries:
            yield from self._entry(entry)
        yield from self._gone(self.place + 1, self.head.place, "missing")
        if self.place > self.head.place or (self.place == self.head.place and self.seal != self.head.seal):
            yield self._finding(self.head.place, "head")
        yield from self._gone(max(self.place, self.head.place) + 1, max(self.anchored, default=0), "behind")

    def _entry(self, entry: Entry) -> Iterator[Finding]:
        wrong = self._wrong_with(entry)
        if wrong is not None:
            yield self._finding(entry.place, wrong, entry=entry.id)
        is_genuine = wrong not in _FORGED
        if entry.place == self.place + 1 or (is_genuine and entry.place > self.place):
            yield from self._gone(self.place + 1, entry.place - 1, "missing")
            self.place, self.seal, self.sound = entry.place, entry.seal, is_genuine

    def _wrong_with(self, entry: Entry) -> Wrong | None:
        key_id = key_id_of(entry.seal)
        if key_id not in self.keys:
            return "unsealed"
        if not self._is_sealed(entry, key_id):
            return "edited"
        follows = entry.place == self.place + 1
        if entry.place <= self.place or (follows and self.sound and entry.previous != self.seal):
            return "moved"
        if not self._is_in_turn(key_id):
            return "old_key"
        return "replaced" if self.anchored.get(entry.place, entry.seal) != entry.seal else None

    def _is_sealed(self, entry: Entry, key_id: str) -> bool:
        if not hmac.compare_digest(entry.seal.encode(), seal_of(entry, key_id, self.keys[key_id]).encode()):
            return False
        counted = key_id_of(entry.count_seal) or key_id
        return entry.count_seal == count_seal_of(entry, counted, self.keys.get(counted, b""))

    def _is_in_turn(self, key_id: str) -> bool:
        """Whether no newer key has sealed before: who has an old key alone cannot go on with it."""
        if key_id not in self._used:
            self._used.append(key_id)
        return self._used[-1] == key_id

    def _gone(self, first: int, last: int, wrong: Wrong) -> Iterator[Finding]:
        if first <= last:
            yield self._finding(first, wrong, until=last)

    def _finding(self, place: int, wrong: Wrong, *, entry: int | None = None, until: int | None = None) -> Finding:
        return Finding(self.head.chain, self.head.platform, place, entry, wrong, until or place)
