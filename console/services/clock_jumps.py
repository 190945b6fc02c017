"""Mends what a clock that was set would break: leases, waits and slots keep what was left of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from console.domain.words import DeliveryState, StepState
from console.services.runtime import Runtime
from console.services.upsert import upsert
from console.storage.tables import (
    Delivery,
    InstanceMeta,
    OperationStep,
    Runner,
    TaskRun,
    huey_kv,
    huey_schedule,
)
from console.storage.uow import UnitOfWork

_SEEN = "clock_seen"


def last_seen(uow: UnitOfWork) -> datetime | None:
    """The time that a runner of any machine noted last, locked until the unit of work ends."""
    found = select(InstanceMeta.value).where(InstanceMeta.name == _SEEN).with_for_update()
    value = uow.session.scalar(found)
    return None if value is None else datetime.fromisoformat(value)


def noted(session: Session) -> datetime | None:
    """The same for whoever only looks."""
    value = session.scalar(select(InstanceMeta.value).where(InstanceMeta.name == _SEEN))
    return None if value is None else datetime.fromisoformat(value)


def note_seen(uow: UnitOfWork, now: datetime) -> None:
    """Note that it is ``now``, for whoever looks next."""
    upsert(uow, InstanceMeta, {"name": _SEEN, "value": now.isoformat()}, key=["name"])


def mend(uow: UnitOfWork, rt: Runtime, *, jump: timedelta, now: datetime) -> None:
    """Carry the journal over a jump of the clock.

    Whoever holds a lease holds it for a whole one from now on; waits end as much later or earlier as the clock shows;
    the slots of a time that is yet to come again are free. What was written since the clock was set ahead stays: a
    process that starts then cannot tell the jump from a pause, and writes by the clock as it is.

    Args:
        jump: How far the clock was set; negative when it was set back.
        now: The time since.
    """
    _renew_leases(uow, now + timedelta(seconds=rt.settings.lease_s))
    set_at = now - jump if jump > timedelta() else None
    for row in _waiting(uow):
        if row.next_try_at is not None and not (set_at and _written_since(row, set_at, now)):
            row.next_try_at += jump
        if isinstance(row, OperationStep) and row.waiting_since and not (set_at and row.waiting_since > set_at):
            row.waiting_since += jump
    for runner in uow.session.scalars(select(Runner)):
        if not (set_at and runner.seen_at > set_at):
            runner.seen_at += jump
    connection = uow.session.connection()
    connection.execute(update(huey_schedule).values(due_s=huey_schedule.c.due_s + jump.total_seconds()))
    if jump < timedelta():
        uow.session.execute(
            update(TaskRun).where(TaskRun.slot.is_not(None), TaskRun.created_at > now).values(slot=None)
        )
        connection.execute(delete(huey_kv))  # whose turn it is was noted for a time that is far off again


def _written_since(row: OperationStep | Delivery | TaskRun, set_at: datetime, now: datetime) -> bool:
    """Whether a wait was written since the clock went ahead, at ``set_at`` by its old time.

    A wait between tries is shorter than most jumps: by the old time it would be over. In a jump that is shorter than
    the wait one that is still to come stays, too, and its try comes earlier by the jump.
    """
    if isinstance(row, TaskRun) and row.attempts == 0:  # it waits for a time that was asked for, however far off
        return row.created_at > set_at
    return row.next_try_at is not None and row.next_try_at > now


def _renew_leases(uow: UnitOfWork, until: datetime) -> None:
    uow.session.execute(update(OperationStep).where(OperationStep.state == StepState.RUNNING).values(lease_until=until))
    for kind in (Delivery, TaskRun):
        uow.session.execute(update(kind).where(kind.state == DeliveryState.RUNNING).values(lease_until=until))


def _waiting(uow: UnitOfWork) -> Iterator[OperationStep | Delivery | TaskRun]:
    """All that waits for its time."""
    session = uow.session
    yield from session.scalars(
        select(OperationStep).where(
            OperationStep.state.in_((StepState.PENDING, StepState.RUNNING)),
            OperationStep.next_try_at.is_not(None) | OperationStep.waiting_since.is_not(None),
        )
    )
    pending = DeliveryState.PENDING
    yield from session.scalars(select(Delivery).where(Delivery.state == pending, Delivery.next_try_at.is_not(None)))
    yield from session.scalars(select(TaskRun).where(TaskRun.state == pending, TaskRun.next_try_at.is_not(None)))
