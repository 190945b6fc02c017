"""Waiting for what happens elsewhere: ask again until it is so or the time is up; the only sleep in the tests."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

WITHIN_S = 30.0
PAUSE_S = 0.02


def until(
    ask: Callable[[], Found | None], *, within_s: float = WITHIN_S, what: Callable[[], object] | str = "it to happen"
) -> Found:
    """The first answer that is true.

    Args:
        ask: Called again and again; its exceptions are not caught.
        within_s: How long; generous, because a passing test never waits it out.
        what: What is waited for, or a function that says what there is instead.

    Raises:
        AssertionError: The time is up.
    """
    deadline = time.monotonic() + within_s
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {within_s} s for {what() if callable(what) else what}")
        time.sleep(PAUSE_S)
