"""Where the data folders are: the checkout, the installed package, or the bundle of the binary."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


@cache
def data_folder(name: str) -> Path:
    """The folder ``static``, ``templates``, ``translations`` or ``migrations`` of this installation.

    Raises:
        FileNotFoundError: The installation is incomplete.
    """
    bundle = getattr(sys, "_MEIPASS", None)
    candidates = [_PACKAGE / "_data" / name]
    if (_PACKAGE.parent / "pyproject.toml").is_file():
        candidates.insert(0, _PACKAGE.parent / name)
    if bundle is not None:
        candidates.append(Path(bundle) / "console" / "_data" / name)
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"the folder {name!r} is missing; looked in {', '.join(map(str, candidates))}")


def built_in_modules() -> Path | None:
    """The folder of the modules that ship with the console, if it is installed."""
    folder = _PACKAGE.parent / "modules"
    return folder if folder.is_dir() else None
