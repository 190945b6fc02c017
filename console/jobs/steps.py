"""Runs the steps of a platform's operations, one after the other, until there is nothing to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from console.domain.journal import classify
from console.domain.words import Action
from console.jobs.board import Work, WorkKind
from console.jobs.state import jobs_of, look_at_schema, runtime_of
from console.jobs.step import CurrentStep, Progress
from console.jobs.tasks import after_off
from console.jobs.work import Failure, record, run_job
from console.services import journal
from console.services.journal import ClaimedStep, WaitUntil
from console.services.runtime import Message, Runtime
from console.storage.uow import UnitOfWork

if TYPE_CHECKING:
    from flask import Flask

_MARGIN_S = 0.05
"""A wake-up for the end of a lease comes this much later, so that it finds the lease over."""


@dataclass(frozen=True, slots=True)
class StepJob:
    """A claimed step: its hook is called with the platform's id."""

    rt: Runtime
    claimed: ClaimedStep
    step: CurrentStep
    work: Work = field(init=False)

    def __post_init__(self) -> None:
        claimed = self.claimed
        work = Work(WorkKind.STEP, claimed.step_id, claimed.fence, claimed.module)
        object.__setattr__(self, "work", work)

    @property
    def name(self) -> str:
        """The hook, the module and the operation."""
        return f"{self.claimed.hook} of {self.claimed.module} (operation {self.claimed.operation_id})"

    @property
    def platform_id(self) -> int:
        """The platform of the operation."""
        return self.claimed.platform_id

    @property
    def timeout_s(self) -> float:
        """The hook's deadline."""
        return self.claimed.timeout_s

    @property
    def lease_s(self) -> float:
        """The claim's lease."""
        return self.claimed.lease_s

    def call(self) -> None:
        """Run the hook; what ``on_disable`` enqueues runs although the module is off by then."""
        hook: Callable[[int], None] | None = getattr(
            self.rt.registry[self.claimed.module].definition, self.claimed.hook
        )
        if hook is not None:
            with after_off(self.claimed.action is Action.DISABLE):
                hook(self.claimed.platform_id)

    def extend(self, uow: UnitOfWork, now: datetime) -> bool:
        """Keep the claim."""
        return journal.extend_lease(uow, self.claimed, now)

    def save_progress(self, uow: UnitOfWork, progress: Progress) -> None:
        """Show how far the hook is."""
        journal.save_progress(uow, self.claimed, progress.done, progress.total, progress.text)

    def succeed(self, uow: UnitOfWork, now: datetime) -> bool:
        """Record the success."""
        return journal.succeed(uow, self.rt, self.claimed, now)

    def fail(self, uow: UnitOfWork, failure: Failure, now: datetime) -> bool:
        """Record the failure by its class."""
        outcome = classify(failure.error)
        return journal.fail(uow, self.rt, self.claimed, outcome, failure.traceback, now)


def run_platform(app: Flask, platform_id: int, worker: str) -> None:
    """Run every step of the platform that can run now; for the rest a wake-up is scheduled.

    Args:
        worker: The name that claims carry.
    """
    rt = runtime_of(app)
    within_s = rt.settings.lease_s
    if rt.unavailable:
        look_at_schema(app)

    def claim(uow: UnitOfWork, now: datetime) -> ClaimedStep | None:
        return _claim(uow, rt, platform_id, worker=worker, now=now)

    while (claimed := record(app, claim, within_s=within_s)) is not None:
        run_job(app, StepJob(rt, claimed, CurrentStep(claimed.key, claimed.attempt)))
        if jobs_of(app).stopping():
            record(app, lambda uow, _now: rt.messenger.send(uow.session, _call(platform_id)), within_s=within_s)
            return


def _call(platform_id: int) -> Message:
    return Message("platform", platform_id)


def _claim(uow: UnitOfWork, rt: Runtime, platform_id: int, *, worker: str, now: datetime) -> ClaimedStep | None:
    """Claim the next step and, in the same transaction, schedule the look at what becomes of it."""
    found = journal.claim_next(uow, rt, platform_id, worker=worker, now=now)
    if found is None:
        return None
    if isinstance(found, WaitUntil):
        delay_s = max(0.0, (found.at - now).total_seconds()) + _MARGIN_S
        rt.messenger.send(uow.session, _call(platform_id), delay_s=delay_s)
        return None
    rt.messenger.send(uow.session, _call(platform_id), delay_s=found.lease_s + _MARGIN_S)
    return found
