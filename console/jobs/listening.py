"""Hears what is logged while a hook runs, for the log of its step."""

from __future__ import annotations

import logging
from collections.abc import Generator
from contextlib import contextmanager

from console.domain.said import reason_of
from console.domain.step_log import level_of
from console.jobs.step import CurrentStep

OWN = ("console.jobs", "huey", "sqlalchemy")
"""Loggers that speak of the machinery around the hook, not of what it does."""


class _Listener(logging.Handler):
    def __init__(self, step: CurrentStep) -> None:
        super().__init__(logging.INFO)
        self._step = step

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the record's message and, of an exception, its class and text; the traceback is the failed step's."""
        if record.name.startswith(OWN):
            return
        try:
            text = record.getMessage()
            error = record.exc_info[1] if record.exc_info else None
            self._step.say(level_of(record.levelno), text if error is None else f"{text}: {reason_of(error)}")
        except Exception:  # as every handler: what cannot be said never stops whoever says it
            self.handleError(record)


@contextmanager
def listening(step: CurrentStep) -> Generator[None]:
    """What is logged at INFO and above inside the block, in any thread, is said in ``step``.

    The level of the process still decides what is logged at all.
    """
    handler = _Listener(step)
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
