"""Runs of modules' tasks: stored in the caller's transaction, skipped when the module is off by the time they run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.words import DeliveryState
from console.services import leases, snapshots
from console.services.operation_views import time_json
from console.services.runtime import Message, Runtime
from console.storage.tables import TaskRun
from console.storage.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class ClaimedTask:
    """A run whose function the holder calls now."""

    id: int
    fence: int
    attempt: int
    lease_s: float
    task: str
    module: str | None
    platform_id: int
    arguments: Mapping[str, object]
    after_off: bool


@dataclass(frozen=True, slots=True)
class TaskView:
    """A run as lists show it."""

    id: int
    task: str
    module: str | None
    platform_id: int
    slot: str | None
    state: DeliveryState
    attempts: int
    created_at: datetime
    next_try_at: datetime | None
    finished_at: datetime | None
    error: str | None


def enqueue(  # noqa: PLR0917  # what, whose, where, with what
    uow: UnitOfWork,
    rt: Runtime,
    task_name: str,
    module: str | None,
    platform_id: int,
    arguments: Mapping[str, object],
    *,
    now: datetime,
    delay_s: float = 0.0,
    after_off: bool = False,
    slot: str | None = None,
) -> int | None:
    """Store a run of a task; its id, or None when the slot already has one.

    Args:
        task_name: Dotted name of the function.
        arguments: JSON values by name.
        after_off: True when ``on_disable`` or a DISABLED subscriber asks: it runs although the module is off.
        slot: The minute that a periodic run stands for; one run a slot and platform.
    """
    if slot is not None and _is_taken(uow, task_name, platform_id, slot=slot):
        return None
    run = TaskRun(
        task=task_name,
        module=module,
        platform_id=platform_id,
        slot=slot,
        arguments=dict(arguments),
        after_off=after_off,
        state=DeliveryState.PENDING,
        attempts=0,
        fence=0,
        next_try_at=now + timedelta(seconds=delay_s) if delay_s > 0 else None,
        created_at=now,
    )
    uow.session.add(run)
    uow.session.flush()
    rt.messenger.send(uow.session, Message("task", run.id), delay_s=delay_s)
    return run.id


def _is_taken(uow: UnitOfWork, task_name: str, platform_id: int, *, slot: str) -> bool:
    """Whether the slot has a run; the platform's lock keeps two schedulers apart."""
    uow.lock_platform(platform_id)
    found = select(TaskRun.id).where(
        TaskRun.task == task_name, TaskRun.platform_id == platform_id, TaskRun.slot == slot
    )
    return uow.session.scalar(found) is not None


def claim(uow: UnitOfWork, rt: Runtime, task_id: int, *, now: datetime) -> ClaimedTask | None:
    """Take the run; None when it is done, not due, held by another, or its module is off (then it ends skipped)."""
    row = leases.fetch(uow, TaskRun, task_id)
    if row is None or not leases.may_take(row, rt, now):
        return None
    if not _may_run(uow, rt, row):
        leases.end(row, DeliveryState.SKIPPED, now, error=f"{row.module} is off")
        return None
    leases.take(row, rt, now)
    return _claimed(row, rt)


def _may_run(uow: UnitOfWork, rt: Runtime, row: TaskRun) -> bool:
    if row.module is None or row.after_off:
        return True
    return snapshots.current(uow.session, rt, row.platform_id).is_open(row.module)


def find_claim(session: Session, rt: Runtime, task_id: int, fence: int) -> ClaimedTask | None:
    """The claim with that fence, if it still holds: for whoever records what a dead worker was at."""
    row = session.get(TaskRun, task_id, populate_existing=True)
    if row is None or row.fence != fence or row.state is not DeliveryState.RUNNING:
        return None
    return _claimed(row, rt)


def _claimed(row: TaskRun, rt: Runtime) -> ClaimedTask:
    return ClaimedTask(
        id=row.id,
        fence=row.fence,
        attempt=row.attempts,
        lease_s=rt.settings.lease_s,
        task=row.task,
        module=row.module,
        platform_id=row.platform_id,
        arguments=dict(row.arguments),
        after_off=row.after_off,
    )


def extend_lease(uow: UnitOfWork, claimed: ClaimedTask, now: datetime) -> bool:
    """Keep the claim alive; False when somebody else has the run."""
    until = now + timedelta(seconds=claimed.lease_s)
    return leases.extend(uow, TaskRun, claimed.id, fence=claimed.fence, until=until)


def finish(uow: UnitOfWork, claimed: ClaimedTask, now: datetime) -> bool:
    """Record that the task has run; False, and nothing written, for a lost claim."""
    return _end(uow, claimed, DeliveryState.SUCCEEDED, error=None, now=now)


def skip(uow: UnitOfWork, claimed: ClaimedTask, reason: str, now: datetime) -> bool:
    """Record that it cannot run (the task is gone); False for a lost claim."""
    return _end(uow, claimed, DeliveryState.SKIPPED, error=reason, now=now)


def _end(uow: UnitOfWork, claimed: ClaimedTask, state: DeliveryState, *, error: str | None, now: datetime) -> bool:
    row = leases.held(uow, TaskRun, claimed.id, fence=claimed.fence)
    if row is None:
        return False
    leases.end(row, state, now, error=error)
    return True


def fail(uow: UnitOfWork, rt: Runtime, claimed: ClaimedTask, error: str, now: datetime) -> bool:
    """Record a try that failed: another follows, or it was the last; False for a lost claim."""
    row = leases.held(uow, TaskRun, claimed.id, fence=claimed.fence)
    if row is None:
        return False
    leases.try_later(uow, rt, row, message=Message("task", row.id), error=error, now=now)
    return True


def listing(
    session: Session, platform_id: int | None, *, limit: int = 50, before: int | None = None, module: str | None = None
) -> list[TaskView]:
    """Runs, newest first; ``before`` an id for the next page."""
    found = select(TaskRun).order_by(TaskRun.id.desc()).limit(limit)
    limits = (
        (platform_id, TaskRun.platform_id == platform_id),
        (before, TaskRun.id < (before or 0)),
        (module, TaskRun.module == module),
    )
    found = found.where(*(condition for given, condition in limits if given is not None))
    return [_view(row) for row in session.scalars(found.execution_options(populate_existing=True))]


def _view(row: TaskRun) -> TaskView:
    return TaskView(
        id=row.id,
        task=row.task,
        module=row.module,
        platform_id=row.platform_id,
        slot=row.slot,
        state=row.state,
        attempts=row.attempts,
        created_at=row.created_at,
        next_try_at=row.next_try_at,
        finished_at=row.finished_at,
        error=row.error,
    )


def task_json(view: TaskView) -> dict[str, object]:
    """One run, as it stands in documents."""
    return {
        "id": str(view.id),
        "task": view.task,
        "module": view.module,
        "state": view.state.value,
        "attempts": view.attempts,
        "created_at": time_json(view.created_at),
        "next_try_at": time_json(view.next_try_at),
        "finished_at": time_json(view.finished_at),
        "error": view.error,
    }
