"""One worker of a runner: takes messages, runs the module code that they are about, rests until somebody pokes."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from huey.consumer import Worker

from console.errors import Busy, StorageUnavailable
from console.jobs.board import Slot
from console.jobs.settle import settle
from console.jobs.startup import run_startups
from console.jobs.state import jobs_of
from console.jobs.wake import Waker

if TYPE_CHECKING:
    from flask import Flask
    from huey.api import Task

log = logging.getLogger("console.jobs")


class ModuleWorker(Worker):  # type: ignore[misc]  # Huey has no types
    """Takes messages one after the other; between them it sleeps until somebody pokes."""

    app: Flask
    slot: Slot
    waker: Waker
    name: str
    is_cut_off: bool = False

    def initialize(self) -> None:
        """Record what the predecessor died of, then let every module start up."""
        jobs = jobs_of(self.app)
        jobs.slot, jobs.worker, jobs.stopping = self.slot, self.name, self.stop_flag.is_set
        settle(self.app, self.slot)
        run_startups(self.app, self.slot)

    def loop(self, now: object = None) -> None:
        """One message, or a rest; a database that is away is told of once and asked again at each look."""
        try:
            task = self.huey.dequeue()
        except Busy as error:
            self._note(cut_off=isinstance(error, StorageUnavailable), reason=error)
            self.sleep()
            return
        except Exception:
            log.exception("the queue could not be read")
            self.sleep()
            return
        self._note(cut_off=False)
        if task is None:
            self.sleep()
        else:
            self._execute(task)

    def _execute(self, task: Task) -> None:
        try:
            self.huey.execute(task)
        except Exception:
            log.exception("the message %s could not be handled", task.id)

    def _note(self, *, cut_off: bool, reason: Busy | None = None) -> None:
        if cut_off and not self.is_cut_off:
            log.warning("worker %s waits: %s", self.name, reason)
        elif self.is_cut_off and not cut_off:
            log.info("worker %s goes on: the database is back", self.name)
        self.is_cut_off = cut_off

    def sleep(self) -> None:
        """Wait for a poke, the end, or the time for a look without one."""
        self.waker.wait(self.max_delay, self.stop_flag._r)
