"""Keeps a claim alive and stores what module code says while it runs, beside it and on a connection of its own."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING

from console.errors import Busy
from console.jobs.state import runtime_of
from console.storage.uow import unit_of_work

if TYPE_CHECKING:
    from types import TracebackType

    from flask import Flask

    from console.jobs.work import Job

log = logging.getLogger("console.jobs")
PAUSE_S = 0.2
"""Between two writes of what a hook says, however often it speaks."""


class Heartbeat:
    """A thread that lives as long as the block: it extends the lease and stores what was said.

    A database that is busy (the hook itself may hold the write lock) only delays it: the lease is several beats long.
    """

    def __init__(self, app: Flask, job: Job) -> None:
        self._app = app
        self._job = job
        self._every_s = runtime_of(app).settings.heartbeat_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._job.step.reported.set()
        self._thread.join()

    def _run(self) -> None:
        next_beat = time.monotonic() + self._every_s
        while True:
            self._job.step.reported.wait(max(0.0, next_beat - time.monotonic()))
            if self._stop.is_set():
                return
            try:
                self._beat()
            except Busy:
                log.debug("the heartbeat of %s waits: the database is busy", self._job.name)
            except Exception:
                log.exception("the heartbeat of %s failed", self._job.name)
            next_beat = time.monotonic() + self._every_s
            self._stop.wait(PAUSE_S)

    def _beat(self) -> None:
        said = self._job.step.take()
        try:
            with self._app.app_context(), unit_of_work() as uow:
                if not self._job.extend(uow, runtime_of(self._app).clock()):
                    log.warning("%s was given to another worker meanwhile", self._job.name)
                elif said:
                    self._job.save(uow, said)
        except Exception:
            self._job.step.give_back(said)
            raise
