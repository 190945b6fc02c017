"""Starts periodic tasks: one run for each slot of time and each platform on which the module is on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from console.jobs import tasks
from console.jobs.state import runtime_of
from console.jobs.tasks import ModuleTask
from console.jobs.work import record
from console.services import snapshots
from console.services import tasks as runs
from console.services.runtime import Runtime
from console.storage.tables import Platform
from console.storage.uow import UnitOfWork, read_session

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

_BATCH = 100
"""Platforms a transaction, so that none is long."""


class PeriodicTasks:
    """Remembers which slots this process has seen begin; the rows say which runs there are."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._seen: dict[str, str] = {}

    def enqueue(self) -> int:
        """Store the runs of every periodic task whose slot has just begun; how many. A slot has one run a platform."""
        made = 0
        for task in tasks.periodic():
            slot = task.slot(runtime_of(self._app).clock())
            if self._seen.get(task.name) != slot:
                made += _enqueue(self._app, task, slot)
                self._seen[task.name] = slot
        return made


def _enqueue(app: Flask, task: ModuleTask, slot: str) -> int:
    rt = runtime_of(app)
    owner = rt.bus.owner_of(task.function.__module__)
    with app.app_context():
        platforms = open_platforms(read_session(), rt, owner)
    made = 0
    for start in range(0, len(platforms), _BATCH):
        batch = platforms[start : start + _BATCH]

        def store(uow: UnitOfWork, now: datetime, batch: Sequence[int] = batch) -> int:
            ids = [runs.enqueue(uow, rt, task.name, owner, each, {}, now=now, slot=slot) for each in batch]
            return len(ids) - ids.count(None)

        made += record(app, store, within_s=rt.settings.lease_s)
    return made


def open_platforms(session: Session, rt: Runtime, code: str | None) -> Sequence[int]:
    """Ids of the platforms on which the module is open; all that are not archived for what belongs to no module."""
    found = session.scalars(select(Platform.id).where(Platform.archived_at.is_(None)).order_by(Platform.id)).all()
    if code is None:
        return found
    return [each for each in found if snapshots.current(session, rt, each).is_open(code)]
