"""Where a console of this data folder is served at the moment, for commands that print an address."""

from __future__ import annotations

import contextlib
from pathlib import Path

from console.jobs.process import identity, is_gone

_NAME = "address"


def note_address(folder: Path, base: str) -> None:
    """Remember that this process serves at ``base``; where nothing can be written, nobody is told."""
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / _NAME).write_text(f"{identity()}\n{base}\n", encoding="utf-8")


def noted_address(folder: Path) -> str | None:
    """The address at which somebody serves; None when who noted it last is gone."""
    try:
        name, base = (folder / _NAME).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return None
    return None if is_gone(name) else base
