"""The anchor: a file in the data folder with the heads of the audit's chains, outside of the database.

After each commit a line is appended for each chain that grew, and not synced: a toggle costs one sync, and a power cut
may lose the newest lines. So the database may be ahead of its anchor, never behind. It is a second place for whoever
wants to cut off the end of the audit to reach; without the key nobody can write a line that fits.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from console.domain.audit_chain import Anchor

NAME = "audit.anchor"
KEPT = 5
"""How many old anchors stay beside the one that counts."""
_OLD = re.compile(rf"{re.escape(NAME)}\.\d+T\d{{12}}")
Reached = tuple[int, int, str]
"""A chain, its last place, and the seal there."""


def append(path: Path, reached: Iterable[Reached]) -> None:
    """Add a line for each chain; lines of several processes never mix."""
    lines = "".join(f"{chain} {place} {seal}\n" for chain, place, seal in reached)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, lines.encode("ascii"))
    finally:
        os.close(handle)


def read(path: Path) -> Anchor:
    """What the file says; nothing when there is none. A line that a power cut left half is none.

    Of two lines for one place the first counts: the second came after the database went back.
    """
    found: dict[int, dict[int, str]] = {}
    if not path.exists():
        return found
    for line in path.read_text(encoding="ascii", errors="replace").splitlines():
        chain, _, rest = line.partition(" ")
        place, _, seal = rest.partition(" ")
        if chain.isdigit() and place.isdigit() and seal:
            found.setdefault(int(chain), {}).setdefault(int(place), seal)
    return found


def expect(path: Path, reached: Iterable[Reached]) -> None:
    """Write down the heads of a database that is about to take the place of this one."""
    coming = _coming(path)
    coming.unlink(missing_ok=True)
    append(coming, reached)


def expected(path: Path) -> Anchor:
    """The heads that ``expect`` wrote down; nothing once a new anchor has begun."""
    return read(_coming(path))


def _coming(path: Path) -> Path:
    return path.with_name(f"{path.name}.coming")


def begin_again(path: Path, reached: Iterable[Reached], now: datetime) -> Path | None:
    """Start a new file with those heads; the old one stays beside it, under the name that comes back; a few do."""
    kept = None
    if path.exists():
        kept = path.with_name(f"{path.name}.{now:%Y%m%dT%H%M%S%f}")
        path.rename(kept)
    append(path, reached)
    _coming(path).unlink(missing_ok=True)
    _take_away_old(path.parent)
    return kept


def _take_away_old(folder: Path) -> None:
    """Delete all but the newest of the old anchors."""
    old = sorted(each for each in folder.glob(f"{NAME}.*") if _OLD.fullmatch(each.name))
    for each in old[:-KEPT]:
        with suppress(OSError):  # a file too many is no reason to fail
            each.unlink()
