"""What a consumer does by the clock, in a process of its own that runs no module code."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from huey.consumer import BaseProcess

from console.errors import Busy
from console.jobs.announce import Listener
from console.jobs.audit_watch import start_watch
from console.jobs.health import start_round
from console.jobs.liveness import say_alive, say_gone
from console.jobs.periodic import PeriodicTasks
from console.jobs.state import jobs_of, runtime_of
from console.jobs.sweep import sweep
from console.jobs.wake import Waker, poke
from console.storage.base import db

if TYPE_CHECKING:
    from flask import Flask
    from huey import Huey
    from huey.consumer import ForkSafeFlag

log = logging.getLogger("console.jobs")
_SWEEPS_PER_LEASE = 3
_AGAIN_S = 1.0
BROUGHT = "wait"
"""The kind of runner that somebody brings to wait for an operation: it starts nothing by the clock."""


@dataclass(slots=True)
class Duty:
    """Something that comes round every ``every_s`` seconds, at once at first."""

    name: str
    action: Callable[[], object]
    every_s: float
    due: float = field(default=0.0)

    def run_if_due(self) -> None:
        """Do it when its time has come; what goes wrong is logged and comes round again."""
        if time.monotonic() < self.due:
            return
        self.due = time.monotonic() + self.every_s
        try:
            self.action()
        except Busy:
            self.due = time.monotonic() + _AGAIN_S
            log.debug("%s waits: the database is busy", self.name)
        except Exception:
            log.exception("%s failed", self.name)


class Housekeeping:
    """The duties of one consumer: say that it lives, sweep, start what comes round."""

    def __init__(self, app: Flask, *, name: str, kind: str) -> None:
        self.app = app
        self.name = name
        settings = runtime_of(app).settings
        self.duties = [
            Duty("the heartbeat", lambda: say_alive(app, name, kind=kind), settings.heartbeat_s),
            Duty("the sweep", lambda: sweep(app), max(settings.poll_s, settings.lease_s / _SWEEPS_PER_LEASE)),
        ]
        if kind != BROUGHT:
            periodic = PeriodicTasks(app)
            self.duties += [
                Duty("the periodic tasks", periodic.enqueue, settings.poll_s),
                Duty("the health round", lambda: start_round(app), max(settings.poll_s, settings.health_every_s / 10)),
                Duty(
                    "the look at the audit",
                    lambda: start_watch(app),
                    max(settings.poll_s, settings.audit_every_s / 100),
                ),
            ]

    def tick(self) -> None:
        """Do what is due."""
        for duty in self.duties:
            duty.run_if_due()

    def next_due_s(self) -> float:
        """Seconds until the next duty."""
        return max(0.0, min(duty.due for duty in self.duties) - time.monotonic())


class Scheduler(BaseProcess):  # type: ignore[misc]  # Huey has no types
    """Moves messages that are due into the queue, to the moment, hears other machines, and keeps house."""

    process_name = "Scheduler"

    def __init__(self, huey: Huey, stop_flag: ForkSafeFlag, *, house: Housekeeping, waker: Waker, workers: int) -> None:
        super().__init__(huey, stop_flag)
        self.house = house
        self.app = house.app
        self.waker = waker
        self.workers = workers
        with self.app.app_context():
            self.listener = Listener(db.engine)
        self.poll_s = runtime_of(house.app).settings.poll_s

    def loop(self, now: object = None) -> None:
        """One round; then wait for the next message's time, a poke, or the next look."""
        wait_s = self.poll_s
        if "queue" in self.listener.hear():
            self._wake_workers()
        try:
            storage = jobs_of(self.app).storage
            clock = runtime_of(self.app).clock
            storage.promote(clock().timestamp())
            self.house.tick()
            due_s = storage.next_due_s()
            wait_s = min(wait_s, self.house.next_due_s())
            if due_s is not None:
                wait_s = min(wait_s, max(0.0, due_s - clock().timestamp()))
        except Busy:
            log.debug("the schedule waits: the database is busy")
        except Exception:
            log.exception("the schedule could not be read")
        wait_s = min(wait_s, self.listener.next_try_s())
        self.waker.wait(wait_s, self.stop_flag._r, *self.listener.descriptors)

    def _wake_workers(self) -> None:
        """All of them: however much one transaction enqueues, it is heard once."""
        folder = jobs_of(self.app).folder
        for _ in range(self.workers):
            poke(folder, "queue")

    def shutdown(self) -> None:
        """Say that this consumer is no more."""
        self.listener.close()
        try:
            say_gone(self.app, self.house.name)
        except Exception:
            log.exception("could not say that the runner has ended; it will show by itself")
