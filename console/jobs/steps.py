"""Runs the steps of a platform's operations, one after the other, until there is nothing to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from console.domain.journal import classify
from console.domain.step_log import Said, masked
from console.domain.words import Action
from console.jobs.board import Work, WorkKind
from console.jobs.listening import listening
from console.jobs.state import jobs_of, look_at_schema, runtime_of
from console.jobs.step import CurrentStep
from console.jobs.tasks import after_off
from console.jobs.work import Failure, record, run_job
from console.services import journal, step_secrets
from console.services.journal import ClaimedStep, WaitUntil
from console.services.runtime import Message, Runtime
from console.storage.uow import UnitOfWork, read_session

if TYPE_CHECKING:
    from flask import Flask

_MARGIN_S = 0.05
"""A wake-up for the end of a lease comes this much later, so that it finds the lease over."""


@dataclass(frozen=True, slots=True)
class StepJob:
    """A claimed step: its hook is called with the platform's id.

    Args:
        secrets: What nothing that the hook says may contain.
    """

    rt: Runtime
    claimed: ClaimedStep
    step: CurrentStep
    secrets: frozenset[str] = field(default=frozenset(), repr=False)
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
            with listening(self.step), after_off(self.claimed.action is Action.DISABLE):
                hook(self.claimed.platform_id)

    def extend(self, uow: UnitOfWork, now: datetime) -> bool:
        """Keep the claim."""
        return journal.extend_lease(uow, self.claimed, now)

    def save(self, uow: UnitOfWork, said: Said) -> None:
        """Show how far the hook is and what it says."""
        journal.save_said(uow, self.claimed, said.masked(self.secrets))

    def succeed(self, uow: UnitOfWork, now: datetime) -> bool:
        """Record the success."""
        return journal.succeed(uow, self.rt, self.claimed, now, said=self._rest())

    def fail(self, uow: UnitOfWork, failure: Failure, now: datetime) -> bool:
        """Record the failure by its class."""
        outcome = classify(failure.error)
        outcome = replace(outcome, message=masked(outcome.message, self.secrets))
        traceback = masked(failure.traceback, self.secrets)
        return journal.fail(uow, self.rt, self.claimed, outcome, traceback, now, said=self._rest())

    def _rest(self) -> Said:
        """What the heartbeat has not stored; it stays with the step, because a busy database is asked again."""
        return self.step.said.masked(self.secrets)


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
        step = CurrentStep(claimed.key, claimed.attempt, rt.clock)
        run_job(app, StepJob(rt, claimed, step, _secrets(app, rt, claimed)))
        if jobs_of(app).stopping():
            record(app, lambda uow, _now: rt.messenger.send(uow.session, _call(platform_id)), within_s=within_s)
            return


def _secrets(app: Flask, rt: Runtime, claimed: ClaimedStep) -> frozenset[str]:
    """Read beside the hook, whose own session begins untouched."""
    with app.app_context():
        return step_secrets.secrets_in_reach(read_session(), rt, claimed.platform_id, claimed.module)


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
