"""What a hook may know about the step that it runs in, and how it says how far it is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from console.domain.said import clean, count
from console.domain.step_log import KEPT, LENGTH, Line, LineLevel, Progress, Said

LONGEST = 200


@dataclass(slots=True)
class CurrentStep:
    """The step of a running hook.

    Args:
        idempotency_key: The same in every attempt of this step and in no other: give it to services that take one.
        attempt: 1 in the first try; waiting by ``NotReady`` does not count.
        clock: Dates the lines of the log; without one nobody keeps them.
    """

    idempotency_key: str = ""
    attempt: int = 1
    clock: Callable[[], datetime] | None = field(default=None, repr=False)
    reported: threading.Event = field(default_factory=threading.Event, repr=False)
    _said: Said = field(default_factory=Said, repr=False)
    _last_text: str = field(default="", repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def progress(self, done: int, total: int | None = None, text: str = "") -> None:
        """Say how far the hook is; it is shown beside the module within moments and never waits for the database.

        A new ``text`` is also a line of the step's log.
        """
        text = clean(str(text), longest=LONGEST)
        progress = Progress(count(done), None if total is None else count(total), text)
        with self._lock:
            self._said = Said(progress, self._said.lines)
        if text and text != self._last_text:
            self._last_text = text
            self.say(LineLevel.PROGRESS, text)
        self.reported.set()

    def say(self, level: LineLevel, text: str) -> None:
        """Add a line to the step's log; of what nobody has stored yet the newest lines are kept."""
        if self.clock is None:
            return
        line = Line(self.clock(), level, clean(text.strip(), longest=LENGTH))
        with self._lock:
            self._said = Said(self._said.progress, (*self._said.lines, line)[-KEPT:])
        self.reported.set()

    @property
    def said(self) -> Said:
        """What was said and not taken yet."""
        return self._said

    def take(self) -> Said:
        """What was said and not taken yet; now it is."""
        self.reported.clear()
        with self._lock:
            said, self._said = self._said, Said()
        return said

    def give_back(self, said: Said) -> None:
        """Put back what was taken but could not be stored, before what was said since."""
        with self._lock:
            since = self._said
            self._said = Said(since.progress or said.progress, (*said.lines, *since.lines)[-KEPT:])


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
