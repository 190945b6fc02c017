"""What clients know from outside: what they asked for, and what they were told, kept on the disk before they go on."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Ack:
    """A toggle that the console has acknowledged with an operation.

    Args:
        note: The words that the client sent with it, used once.
    """

    note: str
    platform_id: int
    operation_id: int
    revision: int


@dataclass(slots=True)
class Evidence:
    """Requests and acknowledgements of all clients, in a file that is synced with each acknowledgement."""

    file: Path
    asked: set[str] = field(default_factory=set[str])
    acks: list[Ack] = field(default_factory=list[Ack])
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def ask(self, note: str) -> None:
        """Remember a request before it is sent: whether it arrives nobody knows."""
        with self._lock:
            self.asked.add(note)
            _append(self.file, f"asked {note}")

    def acknowledge(self, ack: Ack) -> None:
        """Remember what the console has promised."""
        with self._lock:
            _append(self.file, f"told {ack.note} {ack.platform_id} {ack.operation_id} {ack.revision}", sync=True)
            self.acks.append(ack)

    def __len__(self) -> int:
        return len(self.acks)


def _append(file: Path, line: str, *, sync: bool = False) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, f"{line}\n".encode())
        if sync:
            os.fsync(handle)
    finally:
        os.close(handle)
