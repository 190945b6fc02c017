"""A list of calls that survives the death of the process that was called."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "HOSTILE_CALLS"


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a module's code."""

    name: str
    platform_id: int
    attempt: int
    key: str
    pid: int


def note(name: str, platform_id: int = 0, *, attempt: int = 1, key: str = "-") -> None:
    """Add a call; one write, so that processes do not mix theirs."""
    line = f"{name} {platform_id} {attempt} {key or '-'} {os.getpid()}\n"
    handle = os.open(os.environ[VARIABLE], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, line.encode())
    finally:
        os.close(handle)


def calls(name: str | None = None) -> list[Call]:
    """Every call so far, or those with that name."""
    path = Path(os.environ[VARIABLE])
    lines = path.read_text().splitlines() if path.exists() else []
    rows = [line.split() for line in lines]
    found = [Call(row[0], int(row[1]), int(row[2]), row[3], int(row[4])) for row in rows]
    return [call for call in found if name is None or call.name == name]


def gate() -> Path:
    """A file for which gated code waits."""
    return Path(os.environ[VARIABLE]).with_name("gate-is-open")
