"""What a hook may know about the step that it runs in, and how it says how far it is."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from console.domain.said import clean, count

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a hook is: ``done`` of ``total``, and what it is at."""

    done: int
    total: int | None
    text: str


@dataclass(slots=True)
class CurrentStep:
    """The step of a running hook.

    Args:
        idempotency_key: The same in every attempt of this step and in no other: give it to services that take one.
        attempt: 1 in the first try; waiting by ``NotReady`` does not count.
    """

    idempotency_key: str = ""
    attempt: int = 1
    reported: threading.Event = field(default_factory=threading.Event, repr=False)
    _latest: Progress | None = field(default=None, repr=False)

    def progress(self, done: int, total: int | None = None, text: str = "") -> None:
        """Say how far the hook is; it is shown beside the module within moments and never waits for the database."""
        self._latest = Progress(count(done), None if total is None else count(total), clean(str(text), longest=LONGEST))
        self.reported.set()

    def take(self) -> Progress | None:
        """What was said last and not taken yet."""
        self.reported.clear()
        latest, self._latest = self._latest, None
        return latest

    def give_back(self, progress: Progress | None) -> None:
        """Put back what was taken but could not be stored, unless something newer was said."""
        if progress is not None and self._latest is None:
            self._latest = progress


_STEP: ContextVar[CurrentStep | None] = ContextVar("console_current_step", default=None)


def current_step() -> CurrentStep:
    """The step of the running hook; outside of one, for instance in a test, a step that nobody records."""
    return _STEP.get() or CurrentStep()


@contextmanager
def running(step: CurrentStep) -> Generator[CurrentStep]:
    """``current_step()`` is ``step`` inside the block."""
    token = _STEP.set(step)
    try:
        yield step
    finally:
        _STEP.reset(token)
