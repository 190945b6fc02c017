"""What modules say, made fit to be stored and shown: no database takes every character, no page any length."""

from __future__ import annotations

from collections.abc import Mapping

LONGEST = 2000
LONGEST_TRACEBACK = 20_000


def clean(text: str, *, longest: int = LONGEST) -> str:
    """``text`` with what cannot be stored written as escapes, and its end cut off when it is too long."""
    fit = _storable(text[: longest + 1])
    return fit if len(fit) <= longest else f"{fit[: longest - 1]}…"


def clean_traceback(text: str) -> str:
    """The same for a traceback, whose end says most."""
    end = _storable(text[-LONGEST_TRACEBACK:])
    return end if len(text) <= LONGEST_TRACEBACK else f"…{end}"


def _storable(text: str) -> str:
    return text.encode(errors="backslashreplace").decode().replace("\0", "\\x00")


def text_of(error: BaseException) -> str:
    """What an exception says; empty when it says nothing or cannot say it."""
    try:
        return clean(str(error))
    except Exception:  # its own code
        return ""


def reason_of(error: BaseException) -> str:
    """One line for lists: class and message."""
    text = text_of(error)
    return clean(f"{type(error).__name__}: {text}" if text else type(error).__name__)


def seconds(value: object, *, longest: float) -> float:
    """A time that somebody asks for: none below 0, none beyond ``longest``, 0 for what is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0.0
    return float(min(longest, max(0, value)))  # of 0 and NaN the first


def count(value: object) -> int:
    """A number as a column takes it."""
    if not isinstance(value, int | float):
        return 0
    return int(min(2**31 - 1, max(0, value)))  # of 0 and NaN the first


def fit(value: object) -> object:
    """A JSON value in which every text is clean; long texts stay."""
    if isinstance(value, str):
        return _storable(value)
    if isinstance(value, Mapping):
        return {_storable(str(key)): fit(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [fit(each) for each in value]
    return value
