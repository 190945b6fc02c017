"""From what stands in the environment or in a file to the value of a setting, refused with a reason when it is none."""

from __future__ import annotations

import math
import os
import zoneinfo
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

Converter = Callable[[object], object]
DATABASES = ("sqlite", "postgresql", "postgres", "postgresql+psycopg")


def flag(raw: object) -> bool:
    """A switch."""
    if isinstance(raw, bool):
        return raw
    word = str(raw).strip().lower()
    if word in ("1", "true", "yes", "on"):
        return True
    if word in ("0", "false", "no", "off", ""):
        return False
    raise ValueError("write true or false")


def path(raw: object) -> Path:
    """A path."""
    if not isinstance(raw, str | Path):
        raise ValueError("write a path")  # as for every other value
    return Path(raw).expanduser()


def paths(raw: object) -> tuple[Path, ...]:
    """Several paths."""
    parts = raw.split(os.pathsep) if isinstance(raw, str) else _items(raw)
    return tuple(path(part) for part in parts if str(part))


def words(raw: object) -> tuple[str, ...]:
    """Several words."""
    parts = raw.split(",") if isinstance(raw, str) else _items(raw)
    return tuple(str(part).strip() for part in parts if str(part).strip())


def _items(raw: object) -> list[object]:
    if not isinstance(raw, list | tuple):
        raise ValueError("write a list")  # as for every other value
    return list(cast("list[object]", raw))


def whole(lowest: int, highest: int | None = None) -> Converter:
    """A whole number that is not beyond its limits."""

    def convert(raw: object) -> int:
        number = int(str(raw))
        if number < lowest or (highest is not None and number > highest):
            raise ValueError(f"write {lowest} or more" if highest is None else f"write {lowest} to {highest}")
        return number

    return convert


def seconds(*, may_be_0: bool = False) -> Converter:
    """A time."""

    def convert(raw: object) -> float:
        number = float(str(raw))
        if not math.isfinite(number) or number < 0 or (number == 0 and not may_be_0):
            raise ValueError("write a number of seconds")
        return number

    return convert


def database(raw: object) -> str:
    """The URL of a database of a kind that the console knows."""
    url = str(raw)
    if urlsplit(url).scheme not in DATABASES:
        raise ValueError("write sqlite:///… or postgresql://…")
    return url


def web_address(raw: object) -> str:
    """An address that people can open."""
    text = str(raw).strip()
    parts = urlsplit(text)
    if text and (parts.scheme not in ("http", "https") or not parts.netloc):
        raise ValueError("write https://… or http://…")
    return text


def time_zone(raw: object) -> str:
    """A time zone by its name."""
    name = str(raw)
    if name != "UTC":
        try:
            zoneinfo.ZoneInfo(name)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("write a name such as Europe/Paris") from error
    return name


BY_NAME: Mapping[str, Converter] = {
    "port": whole(0, 65535),
    "workers": whole(1),
    "runners": whole(1),
    "proxy_hops": whole(0),
    "hook_attempts": whole(1),
    "retry_base_s": seconds(may_be_0=True),
    "retry_max_s": seconds(may_be_0=True),
    "not_ready_limit_s": seconds(may_be_0=True),
    "busy_timeout_s": seconds(may_be_0=True),
    "proof_s": seconds(may_be_0=True),
    "database_url": database,
    "base_url": web_address,
    "timezone": time_zone,
}
"""What is stricter about a setting than its type."""
BY_TYPE: Mapping[object, Converter] = {
    bool: flag,
    int: whole(0),
    float: seconds(),
    Path: path,
    Path | None: path,
    tuple[Path, ...]: paths,
    tuple[str, ...]: words,
}
