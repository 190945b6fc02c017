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
    the slots of a time that is yet to come again are free.

    Args:
        jump: How far the clock was set; negative when it was set back.
        now: The time since.
    """
    _renew_leases(uow, now + timedelta(seconds=rt.settings.lease_s))
    for row in _waiting(uow, made_until=now - jump if jump > timedelta() else None):
        row.next_try_at = None if row.next_try_at is None else row.next_try_at + jump
        if isinstance(row, OperationStep) and row.waiting_since is not None:
            row.waiting_since += jump
    for runner in uow.session.scalars(select(Runner)):
        runner.seen_at += jump
    connection = uow.session.connection()
    connection.execute(update(huey_schedule).values(due_s=huey_schedule.c.due_s + jump.total_seconds()))
    if jump < timedelta():
        uow.session.execute(
            update(TaskRun).where(TaskRun.slot.is_not(None), TaskRun.created_at > now).values(slot=None)
        )
        connection.execute(delete(huey_kv))  # whose turn it is was noted for a time that is far off again


def _renew_leases(uow: UnitOfWork, until: datetime) -> None:
    uow.session.execute(update(OperationStep).where(OperationStep.state == StepState.RUNNING).values(lease_until=until))
    for kind in (Delivery, TaskRun):
        uow.session.execute(update(kind).where(kind.state == DeliveryState.RUNNING).values(lease_until=until))


def _waiting(uow: UnitOfWork, *, made_until: datetime | None) -> Iterator[OperationStep | Delivery | TaskRun]:
    """All that waits for its time.

    Args:
        made_until: Leaves out later tasks: they were asked for by the clock as it is now.
    """
    session = uow.session
    yield from session.scalars(
        select(OperationStep).where(
            OperationStep.state.in_((StepState.PENDING, StepState.RUNNING)),
            OperationStep.next_try_at.is_not(None) | OperationStep.waiting_since.is_not(None),
        )
    )
    yield from session.scalars(
        select(Delivery).where(Delivery.state == DeliveryState.PENDING, Delivery.next_try_at.is_not(None))
    )
    later = select(TaskRun).where(TaskRun.state == DeliveryState.PENDING, TaskRun.next_try_at.is_not(None))
    yield from session.scalars(later if made_until is None else later.where(TaskRun.created_at <= made_until))
