"""What an application's background work holds on to in one process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

from console.jobs.board import Board, Slot
from console.jobs.timeline import Timeline
from console.services.schema import unavailable
from console.storage.base import db

if TYPE_CHECKING:
    from flask import Flask
    from huey import Huey
    from huey.api import TaskWrapper

    from console.jobs.storage import SqlHueyStorage
    from console.services.runtime import Message, Runtime

_NAME = "console.jobs"
FIRST: Mapping[str, float] = {"sweep": 2.0, "platform": 1.0}
"""Priorities, where nothing else says 0: people wait for a switch, and nobody for the last of ten thousand events."""


def _own_slot() -> Slot:
    return Board(1).slots[0]


@dataclass(slots=True)
class Jobs:
    """Huey, its storage and the place of this process on the deadline board.

    Args:
        folder: Where the sockets are that wake runners.
        messages: What can be sent, by kind.
        slot: The worker's place; outside a worker one that nobody watches.
        worker: The worker's name as claims carry it; empty outside a worker.
        timeline: How the time has gone for this process.
        stopping: Whether this process was asked to end after what it runs now.
    """

    huey: Huey
    storage: SqlHueyStorage
    folder: Path
    messages: Mapping[str, TaskWrapper]
    slot: Slot = field(default_factory=_own_slot)
    worker: str = ""
    timeline: Timeline = field(default_factory=Timeline)
    stopping: Callable[[], bool] = bool

    def encode(self, message: Message) -> bytes:
        """The message as the queue holds it; equal messages are equal there."""
        task = self.messages[message.kind].s(message.id, message.name)
        task.priority = FIRST.get(message.kind)
        task.id = f"{message.kind}:{message.id}:{message.name}"
        return cast("bytes", self.huey.serialize_task(task))


def jobs_of(app: Flask) -> Jobs:
    """The background work of ``app``, made on first use: most commands and pages never need it."""
    found = app.extensions.get(_NAME)
    if found is None:
        from console.jobs.queue import make_jobs  # noqa: PLC0415  # Huey is a start-up cost

        found = app.extensions[_NAME] = make_jobs(app)
    return cast("Jobs", found)


def runtime_of(app: Flask) -> Runtime:
    """The runtime of ``app``."""
    return cast("Runtime", app.extensions["console"])


def look_at_schema(app: Flask) -> None:
    """Learn which modules wait for a migration; what was learned before is forgotten."""
    rt = runtime_of(app)
    with app.app_context():
        rt.unavailable = unavailable(db.engine, rt.registry)
