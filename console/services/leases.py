"""What deliveries and tasks share: one holder at a time, tries that are counted, and an end that is final."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import select

from console.domain import sentences
from console.domain.journal import retry_delay_s
from console.domain.words import DeliveryState
from console.services.runtime import Message, Runtime
from console.storage.tables import Delivery, TaskRun
from console.storage.uow import UnitOfWork

Leased = TypeVar("Leased", Delivery, TaskRun)
LOST = sentences.WORKER_WAS_LOST


def fetch(uow: UnitOfWork, kind: type[Leased], row_id: int) -> Leased | None:
    """The row, locked until the unit of work ends."""
    found = select(kind).where(kind.id == row_id).with_for_update().execution_options(populate_existing=True)
    return uow.session.scalars(found).one_or_none()


def held(uow: UnitOfWork, kind: type[Leased], row_id: int, *, fence: int) -> Leased | None:
    """The row if the claim with that fence still holds it, locked."""
    row = fetch(uow, kind, row_id)
    return row if row is not None and row.fence == fence and row.state is DeliveryState.RUNNING else None


def may_take(row: Delivery | TaskRun, rt: Runtime, now: datetime) -> bool:
    """Whether the row is due; one that was lost in its last try is ended as failed instead."""
    if row.state is DeliveryState.RUNNING and row.lease_until is not None and row.lease_until <= now:
        if row.attempts < rt.settings.hook_attempts:
            return True
        end(row, DeliveryState.FAILED, now, error=LOST)
        return False
    due = row.next_try_at is None or row.next_try_at <= now
    return row.state is DeliveryState.PENDING and due


def take(row: Delivery | TaskRun, rt: Runtime, now: datetime) -> None:
    """Give the row to the caller: a new fence, one more try, a lease."""
    row.state = DeliveryState.RUNNING
    row.fence += 1
    row.attempts += 1
    row.lease_until = now + timedelta(seconds=rt.settings.lease_s)
    row.next_try_at = None


def extend(uow: UnitOfWork, kind: type[Leased], row_id: int, *, fence: int, until: datetime) -> bool:
    """Keep the claim alive; False when somebody else has the row."""
    row = held(uow, kind, row_id, fence=fence)
    if row is None:
        return False
    row.lease_until = until
    return True


def end(row: Delivery | TaskRun, state: DeliveryState, now: datetime, *, error: str | None = None) -> None:
    """Set the final state."""
    row.state = state
    row.finished_at = now
    row.lease_until = row.next_try_at = None
    row.error = error


def renew(row: Delivery | TaskRun) -> None:
    """Give a row that gave up all its tries again."""
    row.state = DeliveryState.PENDING
    row.attempts = 0
    row.finished_at = None


def try_later(
    uow: UnitOfWork, rt: Runtime, row: Delivery | TaskRun, *, message: Message, error: str, now: datetime
) -> bool:
    """Wait for the next try, or end as failed after the last; whether there is another try."""
    if row.attempts >= rt.settings.hook_attempts:
        end(row, DeliveryState.FAILED, now, error=error)
        return False
    wait_s = delay_s(rt, row.attempts)
    row.state = DeliveryState.PENDING
    row.lease_until = None
    row.next_try_at = now + timedelta(seconds=wait_s)
    row.error = error
    rt.messenger.send(uow.session, message, delay_s=wait_s)
    return True


def delay_s(rt: Runtime, attempt: int) -> float:
    """Seconds to wait after failed attempt ``attempt``, spread at random so that retries do not come in herds."""
    settings = rt.settings
    jitter = secrets.SystemRandom().random()
    return retry_delay_s(attempt, base=settings.retry_base_s, maximum=settings.retry_max_s, jitter=jitter)
