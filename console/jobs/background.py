"""Runs deliveries of events and runs of tasks; what they share with steps is in ``work``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Generic, TypeVar

from console.domain.events import ModuleEventData
from console.domain.said import reason_of
from console.domain.step_log import Said, masked
from console.domain.words import ModuleEvent
from console.jobs.board import Work, WorkKind
from console.jobs.state import runtime_of
from console.jobs.step import CurrentStep
from console.jobs.tasks import after_off, declared
from console.jobs.work import Failure, record, run_job
from console.services import deliveries, tasks
from console.services.deliveries import ClaimedDelivery
from console.services.runtime import Runtime
from console.services.step_secrets import secrets_in_reach
from console.services.tasks import ClaimedTask
from console.storage.uow import UnitOfWork

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask


Claimed = TypeVar("Claimed", ClaimedDelivery, ClaimedTask)


@dataclass(frozen=True, slots=True)
class BackgroundJob(Generic[Claimed]):
    """What deliveries and runs of tasks have in common as jobs: the deadline of hooks, and no progress to show."""

    rt: Runtime
    claimed: Claimed
    step: CurrentStep

    @property
    def platform_id(self) -> int:
        """The platform of the event, or the one that the task runs for."""
        return self.claimed.platform_id

    @property
    def timeout_s(self) -> float:
        """Subscribers and tasks have the deadline of hooks."""
        return self.rt.settings.hook_timeout_s

    @property
    def lease_s(self) -> float:
        """The claim's lease."""
        return self.claimed.lease_s

    def save(self, uow: UnitOfWork, said: Said) -> None:
        """Only steps show what is said."""

    def reason(self, uow: UnitOfWork, failure: Failure, code: str | None) -> str:
        """Why it failed, without the secrets that the code of the module ``code`` can name."""
        secrets = frozenset[str]()
        if code is not None and code in self.rt.registry:
            secrets = secrets_in_reach(uow.session, self.rt, self.platform_id, code)
        return masked(reason_of(failure.error), secrets)


@dataclass(frozen=True, slots=True)
class DeliveryJob(BackgroundJob[ClaimedDelivery]):
    """A claimed delivery: its subscriber is called with the event's data."""

    function: Callable[[ModuleEventData], object]

    @property
    def name(self) -> str:
        """The event and who hears it."""
        return f"{self.claimed.event} of {self.claimed.module} for {self.claimed.subscriber}"

    @property
    def work(self) -> Work:
        """The delivery by id and fence."""
        return Work(WorkKind.DELIVERY, self.claimed.id, self.claimed.fence, self.claimed.owner or "")

    def call(self) -> None:
        """Tell the subscriber; what it enqueues on DISABLED runs although its module is off."""
        claimed = self.claimed
        data = ModuleEventData(
            event=claimed.event,
            module_code=claimed.module,
            platform_id=claimed.platform_id,
            occurred_at=claimed.occurred_at,
            operation_id=claimed.operation_id,
            actor=claimed.actor,
            data=claimed.data,
        )
        with after_off(claimed.event is ModuleEvent.DISABLED):
            self.function(data)

    def extend(self, uow: UnitOfWork, now: datetime) -> bool:
        """Keep the claim."""
        return deliveries.extend_lease(uow, self.claimed, now)

    def succeed(self, uow: UnitOfWork, now: datetime) -> bool:
        """Record that the subscriber has heard."""
        return deliveries.finish(uow, self.rt, self.claimed, now)

    def fail(self, uow: UnitOfWork, failure: Failure, now: datetime) -> bool:
        """Record the try."""
        return deliveries.fail(uow, self.rt, self.claimed, self.reason(uow, failure, self.claimed.owner), now)


@dataclass(frozen=True, slots=True)
class TaskJob(BackgroundJob[ClaimedTask]):
    """A claimed run of a task: its function is called with the platform's id and the arguments."""

    function: Callable[..., None]

    @property
    def name(self) -> str:
        """The task and its run."""
        return f"task {self.claimed.task} (run {self.claimed.id})"

    @property
    def work(self) -> Work:
        """The run by id and fence."""
        return Work(WorkKind.TASK, self.claimed.id, self.claimed.fence, self.claimed.module or "")

    def call(self) -> None:
        """Run the function; what a task of a module that is off enqueues belongs to the clean-up too."""
        with after_off(self.claimed.after_off):
            self.function(self.claimed.platform_id, **self.claimed.arguments)

    def extend(self, uow: UnitOfWork, now: datetime) -> bool:
        """Keep the claim."""
        return tasks.extend_lease(uow, self.claimed, now)

    def succeed(self, uow: UnitOfWork, now: datetime) -> bool:
        """Record that it has run."""
        return tasks.finish(uow, self.claimed, now)

    def fail(self, uow: UnitOfWork, failure: Failure, now: datetime) -> bool:
        """Record the try."""
        return tasks.fail(uow, self.rt, self.claimed, self.reason(uow, failure, self.claimed.module), now)


def deliver(app: Flask, delivery_id: int) -> None:
    """Tell one subscriber of one event, if that is still to be done."""
    rt = runtime_of(app)
    claimed = record(
        app, lambda uow, now: deliveries.claim(uow, rt, delivery_id, now=now), within_s=rt.settings.lease_s
    )
    if claimed is None:
        return
    listeners = {each.name: each.function for each in rt.bus.subscribers(claimed.event)}
    function = listeners.get(claimed.subscriber)
    if function is None:
        reason = f"{claimed.subscriber} is not installed here"
        record(app, lambda uow, now: deliveries.skip(uow, rt, claimed, reason, now), within_s=claimed.lease_s)
        return
    step = CurrentStep(f"console-delivery-{claimed.id}", claimed.attempt)
    run_job(app, DeliveryJob(rt, claimed, step, function))


def run_task(app: Flask, run_id: int) -> None:
    """Run one task for one platform, if that is still to be done."""
    rt = runtime_of(app)
    claimed = record(app, lambda uow, now: tasks.claim(uow, rt, run_id, now=now), within_s=rt.settings.lease_s)
    if claimed is None:
        return
    task = declared(claimed.task)
    if task is None:
        reason = f"{claimed.task} is not installed here"
        record(app, lambda uow, now: tasks.skip(uow, claimed, reason, now), within_s=claimed.lease_s)
        return
    step = CurrentStep(f"console-task-{claimed.id}", claimed.attempt)
    run_job(app, TaskJob(rt, claimed, step, task.function))
