"""Deliveries: one event for one subscriber, at least once, in order per subscriber and module, apart from others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from console.domain.words import DeliveryState, ModuleEvent
from console.services import leases
from console.services.operation_views import time_json
from console.services.runtime import Message, Runtime
from console.storage.tables import Delivery
from console.storage.uow import UnitOfWork

_UNFINISHED = (DeliveryState.PENDING, DeliveryState.RUNNING)


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """A delivery whose subscriber the holder calls now."""

    id: int
    fence: int
    attempt: int
    lease_s: float
    subscriber: str
    owner: str | None
    event: ModuleEvent
    module: str
    platform_id: int
    operation_id: int | None
    actor: str
    data: Mapping[str, object]
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A delivery as lists show it."""

    id: int
    event: ModuleEvent
    module: str
    platform_id: int
    subscriber: str
    operation_id: int | None
    occurred_at: datetime
    state: DeliveryState
    attempts: int
    next_try_at: datetime | None
    finished_at: datetime | None
    error: str | None


def claim(uow: UnitOfWork, rt: Runtime, delivery_id: int, *, now: datetime) -> ClaimedDelivery | None:
    """Take the delivery; None when it is done, not due, held by another, or behind an earlier one."""
    row = leases.fetch(uow, Delivery, delivery_id)
    if row is None or _is_behind(uow, row):
        return None
    if not leases.may_take(row, rt, now):
        if row.state is DeliveryState.FAILED:
            _call_next(uow, rt, row)
        return None
    leases.take(row, rt, now)
    return _claimed(row, rt)


def find_claim(session: Session, rt: Runtime, delivery_id: int, fence: int) -> ClaimedDelivery | None:
    """The claim with that fence, if it still holds: for whoever records what a dead worker was at."""
    row = session.get(Delivery, delivery_id, populate_existing=True)
    if row is None or row.fence != fence or row.state is not DeliveryState.RUNNING:
        return None
    return _claimed(row, rt)


def _claimed(row: Delivery, rt: Runtime) -> ClaimedDelivery:
    return ClaimedDelivery(
        id=row.id,
        fence=row.fence,
        attempt=row.attempts,
        lease_s=rt.settings.lease_s,
        subscriber=row.subscriber,
        owner=row.owner,
        event=row.event,
        module=row.module,
        platform_id=row.platform_id,
        operation_id=row.operation_id,
        actor=row.actor,
        data=dict(row.data),
        occurred_at=row.occurred_at,
    )


def _is_behind(uow: UnitOfWork, row: Delivery) -> bool:
    """Whether the subscriber has not yet finished with an earlier event of the same module and platform."""
    earlier = _same_line(row).where(Delivery.id < row.id).limit(1)
    return row.state is DeliveryState.PENDING and uow.session.scalar(earlier) is not None


def _call_next(uow: UnitOfWork, rt: Runtime, row: Delivery) -> None:
    uow.session.flush()
    following = uow.session.scalar(_same_line(row).where(Delivery.id > row.id).order_by(Delivery.id).limit(1))
    if following is not None:
        rt.messenger.send(uow.session, Message("delivery", following))


def _same_line(row: Delivery) -> Select[int]:
    return select(Delivery.id).where(
        Delivery.platform_id == row.platform_id,
        Delivery.subscriber == row.subscriber,
        Delivery.module == row.module,
        Delivery.state.in_(_UNFINISHED),
    )


def extend_lease(uow: UnitOfWork, claimed: ClaimedDelivery, now: datetime) -> bool:
    """Keep the claim alive; False when somebody else has the delivery."""
    until = now + timedelta(seconds=claimed.lease_s)
    return leases.extend(uow, Delivery, claimed.id, fence=claimed.fence, until=until)


def finish(uow: UnitOfWork, rt: Runtime, claimed: ClaimedDelivery, now: datetime) -> bool:
    """Record that the subscriber has heard; False, and nothing written, for a lost claim."""
    return _end(uow, rt, claimed, DeliveryState.SUCCEEDED, error=None, now=now)


def skip(uow: UnitOfWork, rt: Runtime, claimed: ClaimedDelivery, reason: str, now: datetime) -> bool:
    """Record that nobody can hear it (the subscriber is gone); False for a lost claim."""
    return _end(uow, rt, claimed, DeliveryState.SKIPPED, error=reason, now=now)


def _end(
    uow: UnitOfWork, rt: Runtime, claimed: ClaimedDelivery, state: DeliveryState, *, error: str | None, now: datetime
) -> bool:
    row = leases.held(uow, Delivery, claimed.id, fence=claimed.fence)
    if row is None:
        return False
    leases.end(row, state, now, error=error)
    _call_next(uow, rt, row)
    return True


def fail(uow: UnitOfWork, rt: Runtime, claimed: ClaimedDelivery, error: str, now: datetime) -> bool:
    """Record a try that failed: another follows, or it was the last; False for a lost claim."""
    row = leases.held(uow, Delivery, claimed.id, fence=claimed.fence)
    if row is None:
        return False
    if not leases.try_later(uow, rt, row, message=Message("delivery", row.id), error=error, now=now):
        _call_next(uow, rt, row)
    return True


def listing(
    session: Session,
    platform_id: int | None,
    *,
    limit: int = 50,
    before: int | None = None,
    after: int | None = None,
    module: str | None = None,
    operation_id: int | None = None,
) -> list[DeliveryView]:
    """Deliveries, newest first.

    Args:
        before: Only those older than this id, for the next page.
        after: Only those newer than this id, to follow.
    """
    found = select(Delivery).order_by(Delivery.id.desc()).limit(limit)
    limits = (
        (platform_id, Delivery.platform_id == platform_id),
        (before, Delivery.id < (before or 0)),
        (after, Delivery.id > (after or 0)),
        (module, Delivery.module == module),
        (operation_id, Delivery.operation_id == operation_id),
    )
    found = found.where(*(condition for given, condition in limits if given is not None))
    return [_view(row) for row in session.scalars(found.execution_options(populate_existing=True))]


def _view(row: Delivery) -> DeliveryView:
    return DeliveryView(
        id=row.id,
        event=row.event,
        module=row.module,
        platform_id=row.platform_id,
        subscriber=row.subscriber,
        operation_id=row.operation_id,
        occurred_at=row.occurred_at,
        state=row.state,
        attempts=row.attempts,
        next_try_at=row.next_try_at,
        finished_at=row.finished_at,
        error=row.error,
    )


def delivery_json(view: DeliveryView) -> dict[str, object]:
    """One delivery, as it stands in documents."""
    return {
        "id": str(view.id),
        "event": view.event.value,
        "module": view.module,
        "subscriber": view.subscriber,
        "operation": None if view.operation_id is None else str(view.operation_id),
        "occurred_at": time_json(view.occurred_at),
        "state": view.state.value,
        "attempts": view.attempts,
        "next_try_at": time_json(view.next_try_at),
        "finished_at": time_json(view.finished_at),
        "error": view.error,
    }
