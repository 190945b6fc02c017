"""What a hook says while it runs: how far it is and the lines of its log, bounded and with secrets masked."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

KEPT = 200
"""Lines that are kept of one step, the newest."""

LENGTH = 500
"""Characters of one line."""

MASK = "********"

_SHORTEST = 4  # a shorter secret would mask half the words of a line
_NAMED = re.compile(
    r"""(?ix) \b([\w.-]*(?:password|passwd|secret|token|api[_-]?key|authorization)["']? \s* [:=] \s* ["']?)
        ((?:bearer|basic)\s+)? [^\s"',;&]+"""
)
_IN_URL = re.compile(r"(?<=://)([^\s/:@]*):[^\s/@]+@")


class LineLevel(StrEnum):
    """What a line is: a log record by its level, progress, or the beginning or end of a try."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
    CRITICAL = "critical"
    PROGRESS = "progress"
    STARTED = "started"
    WAITING = "waiting"
    FAILED = "failed"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a hook is: ``done`` of ``total``, and what it is at."""

    done: int
    total: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a step's log."""

    at: datetime
    level: LineLevel
    text: str


@dataclass(frozen=True, slots=True)
class LogLine:
    """A stored line, with the try in which it was said."""

    at: datetime
    attempt: int
    level: LineLevel
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a hook said and nobody has stored yet."""

    progress: Progress | None = None
    lines: tuple[Line, ...] = ()

    def __bool__(self) -> bool:
        return self.progress is not None or bool(self.lines)

    def masked(self, secrets: Collection[str]) -> Said:
        """The same without ``secrets``."""
        progress = self.progress
        if progress is not None:
            progress = replace(progress, text=masked(progress.text, secrets))
        return Said(progress, tuple(replace(line, text=masked(line.text, secrets)) for line in self.lines))


def masked(text: str, secrets: Collection[str]) -> str:
    """``text`` without the values of ``secrets``, and without what stands behind a name such as ``password=``."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST:
            text = text.replace(secret, MASK)
    text = _NAMED.sub(rf"\g<1>\g<2>{MASK}", text)
    return _IN_URL.sub(rf"\g<1>:{MASK}@", text)


def level_of(number: int) -> LineLevel:
    """The level of a log record, whatever its author numbered it."""
    for level in (LineLevel.CRITICAL, LineLevel.ERROR, LineLevel.WARNING, LineLevel.INFO):
        if number >= getattr(logging, level.name):
            return level
    return LineLevel.DEBUG
