"""What ``doctor`` says of one thing that it looked at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is; ``UNKNOWN`` is what could not be looked at, and is never taken for fine."""

    OK = "ok"
    NOTE = "note"
    UNKNOWN = "unknown"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a look found.

    Args:
        text: What there is, one sentence.
        hint: What to do, one sentence; empty where nothing is to be done.
    """

    level: Level
    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """An answer with the stable id of its question, ``DOC…`` or ``DEP…``; the docs list them."""

    id: str
    about: str
    answer: Answer


def fine(text: str) -> Answer:
    """Nothing is to be done."""
    return Answer(Level.OK, text)


def note(text: str, hint: str = "") -> Answer:
    """Worth knowing, and nobody can tell from here whether it is wrong."""
    return Answer(Level.NOTE, text, hint)


def unknown(text: str, hint: str = "") -> Answer:
    """It could not be looked at."""
    return Answer(Level.UNKNOWN, text, hint)


def warning(text: str, hint: str) -> Answer:
    """It works, and should be mended."""
    return Answer(Level.WARNING, text, hint)


def error(text: str, hint: str) -> Answer:
    """It does not work, or others can reach what they should not."""
    return Answer(Level.ERROR, text, hint)
