"""Runs one piece of a module's code as a runner must: claimed, under a deadline, its outcome recorded once."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TypeVar

from console.domain.said import clean_traceback
from console.domain.step_log import Said
from console.errors import Busy
from console.jobs.board import Work
from console.jobs.heartbeat import Heartbeat
from console.jobs.state import jobs_of, runtime_of
from console.jobs.step import CurrentStep, running
from console.storage.tenancy import scope
from console.storage.uow import UnitOfWork, unit_of_work

if TYPE_CHECKING:
    from flask import Flask

log = logging.getLogger("console.jobs")
_AGAIN_S = 0.1
Answer = TypeVar("Answer")


class Job(Protocol):
    """A claim as this file needs it: what to call, and how the journal learns what came of it."""

    @property
    def name(self) -> str:
        """For the log."""

    @property
    def work(self) -> Work:
        """For the deadline board."""

    @property
    def step(self) -> CurrentStep:
        """What the code sees of itself."""

    @property
    def platform_id(self) -> int:
        """Whose data the code sees."""

    @property
    def timeout_s(self) -> float:
        """How long the code may take."""

    @property
    def lease_s(self) -> float:
        """How long the claim holds without a heartbeat."""

    def call(self) -> None:
        """Run the code."""

    def extend(self, uow: UnitOfWork, now: datetime) -> bool:
        """Keep the claim; False when it is lost."""

    def save(self, uow: UnitOfWork, said: Said) -> None:
        """Store what the code has said while it runs."""

    def succeed(self, uow: UnitOfWork, now: datetime) -> bool:
        """Record success and the last that was said; False when the claim is lost."""

    def fail(self, uow: UnitOfWork, failure: Failure, now: datetime) -> bool:
        """Record failure and the last that was said; False when the claim is lost."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What the code raised, with the traceback that admins see."""

    error: BaseException
    traceback: str = field(repr=False)


def run_job(app: Flask, job: Job) -> None:
    """Run the code of ``job`` and record the outcome, unless the claim was lost meanwhile."""
    with Heartbeat(app, job):
        failure = _call(app, job)
    held = record(app, lambda uow, now: _outcome(uow, job, failure, now=now), within_s=job.lease_s)
    if not held:
        log.warning("the outcome of %s is dropped: another worker has it", job.name)


def _call(app: Flask, job: Job) -> Failure | None:
    slot = jobs_of(app).slot
    try:
        with app.app_context(), scope(platform_id=job.platform_id), running(job.step):
            slot.occupy(job.work, job.timeout_s)
            job.call()
    except BaseException as error:  # whatever a module raises is its failure, not the worker's
        log.info("%s raised %s", job.name, type(error).__name__)  # its words may be secret; the journal masks them
        return Failure(error, clean_traceback("".join(traceback.format_exception(error))))
    finally:
        slot.clear()
    return None


def _outcome(uow: UnitOfWork, job: Job, failure: Failure | None, *, now: datetime) -> bool:
    return job.succeed(uow, now) if failure is None else job.fail(uow, failure, now)


def record(app: Flask, action: Callable[[UnitOfWork, datetime], Answer], *, within_s: float) -> Answer:
    """What ``action`` returns, in a transaction of its own; a busy database is tried again for ``within_s`` seconds.

    Raises:
        Busy: The database took no write for that long.
    """
    rt, timeline = runtime_of(app), jobs_of(app).timeline
    until = time.monotonic() + within_s
    while True:
        try:
            with app.app_context(), unit_of_work() as uow:
                now = rt.clock()
                timeline.keep(uow, rt, now)
                return action(uow, now)
        except Busy:
            if time.monotonic() >= until:
                raise
            time.sleep(_AGAIN_S)
