"""Deliveries and tasks that gave up after their last try: they rest until somebody has them tried again or lets go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from console.domain.actor import Actor
from console.domain.words import DeliveryState, ModuleEvent
from console.errors import Conflict, Unknown
from console.phrases import say
from console.services import audit, leases
from console.services.leases import Leased
from console.services.operation_views import time_json
from console.services.runtime import Message, Runtime
from console.storage.tables import Delivery, Platform, TaskRun
from console.storage.uow import UnitOfWork


class Kind(StrEnum):
    """What can give up."""

    DELIVERY = "delivery"
    TASK = "task"


class Decision(StrEnum):
    """What can become of it."""

    AGAIN = "again"
    LET_GO = "let-go"


_TABLES: dict[Kind, type[Delivery] | type[TaskRun]] = {Kind.DELIVERY: Delivery, Kind.TASK: TaskRun}


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A delivery or a run of a task, as lists show it.

    Args:
        name: Dotted name of the subscriber or of the task.
        module: The module that an event is about, or whose task it is; None for a task outside any module.
        event: None for a task.
        at: When its last try failed.
    """

    kind: Kind
    id: int
    platform: str
    name: str
    module: str | None
    event: ModuleEvent | None
    state: DeliveryState
    attempts: int
    error: str
    at: datetime | None

    @property
    def key(self) -> str:
        """Kind and id, as commands and addresses name it."""
        return f"{self.kind.value}-{self.id}"


def listing(session: Session, platform_id: int | None, kind: Kind, *, limit: int = 50) -> list[GivenUp]:
    """What gave up and rests, newest first; of all platforms without one."""
    rows: list[Delivery | TaskRun] = (
        [*session.scalars(_resting(Delivery, platform_id).limit(limit))]
        if kind is Kind.DELIVERY
        else [*session.scalars(_resting(TaskRun, platform_id).limit(limit))]
    )
    slugs = {row.id: row.slug for row in session.execute(select(Platform.id, Platform.slug))} if rows else {}
    return [_view(row, slugs[row.platform_id]) for row in rows]


def _resting(table: type[Leased], platform_id: int | None) -> Select[Leased]:
    found = select(table).where(table.state == DeliveryState.FAILED).order_by(table.id.desc())
    found = found if platform_id is None else found.where(table.platform_id == platform_id)
    return found.execution_options(populate_existing=True)


def count(session: Session, platform_id: int) -> int:
    """How many deliveries and tasks of the platform gave up; one statement."""
    counted = [
        select(func.count()).where(table.platform_id == platform_id, table.state == DeliveryState.FAILED)
        for table in _TABLES.values()
    ]
    deliveries, tasks = (each.scalar_subquery() for each in counted)
    return session.scalar(select(deliveries + tasks)) or 0


def decide(
    uow: UnitOfWork, rt: Runtime, platform_id: int | None, key: str, *, decision: Decision, actor: Actor, now: datetime
) -> GivenUp:
    """Have it tried again with all its tries, or let it go: then it counts as skipped and keeps its last error.

    Args:
        platform_id: Where it must be; None for any.
        key: Kind and id, ``delivery-12``.

    Raises:
        Unknown: There is none of that key on the platform.
        Conflict: ``not_given_up``: it is done, or somebody else has decided.
    """
    kind, row = _fetch(uow, platform_id, key)
    if row.state is not DeliveryState.FAILED:
        raise Conflict(
            say("It does not rest any more."),
            code="not_given_up",
            hint=say("Look at how it stands now."),
            state=row.state.value,
        )
    if decision is Decision.AGAIN:
        leases.renew(row)
        rt.messenger.send(uow.session, Message(kind.value, row.id))
    else:
        leases.end(row, DeliveryState.SKIPPED, now, error=row.error)
    slug = uow.session.scalars(select(Platform.slug).where(Platform.id == row.platform_id)).one()
    view = _view(row, slug)
    audit.record(
        uow,
        actor,
        action=f"{kind.value}.{decision.value.replace('-', '_')}",
        target=view.name,
        now=now,
        platform_id=row.platform_id,
        reason=view.error,
        before={"state": DeliveryState.FAILED.value},
        after={"state": row.state.value},
    )
    return view


def _fetch(uow: UnitOfWork, platform_id: int | None, key: str) -> tuple[Kind, Delivery | TaskRun]:
    word, _, number = key.rpartition("-")
    if word in set(Kind) and number.isascii() and number.isdigit() and len(number) < 19:
        kind = Kind(word)
        row = (
            leases.fetch(uow, Delivery, int(number))
            if kind is Kind.DELIVERY
            else leases.fetch(uow, TaskRun, int(number))
        )
        if row is not None and platform_id in (None, row.platform_id):
            return kind, row
    raise Unknown("given_up", key)


def _view(row: Delivery | TaskRun, slug: str) -> GivenUp:
    of_event = isinstance(row, Delivery)
    return GivenUp(
        kind=Kind.DELIVERY if of_event else Kind.TASK,
        id=row.id,
        platform=slug,
        name=row.subscriber if isinstance(row, Delivery) else row.task,
        module=row.module,
        event=row.event if isinstance(row, Delivery) else None,
        state=row.state,
        attempts=row.attempts,
        error=row.error or "",
        at=row.finished_at,
    )


def as_json(view: GivenUp) -> dict[str, object]:
    """One of them, as it stands in documents."""
    return {
        "id": view.key,
        "kind": view.kind.value,
        "platform": view.platform,
        "name": view.name,
        "event": None if view.event is None else view.event.value,
        "module": view.module,
        "state": view.state.value,
        "attempts": view.attempts,
        "error": view.error,
        "at": time_json(view.at),
    }
