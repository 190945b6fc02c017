"""Keeping what happened, and finding it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.sdk import ModuleEventData
from modules.analytics.models import RecordedEvent

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Report:
    """One page of what happened, newest first, and the modules that it can be narrowed down to."""

    events: Sequence[RecordedEvent]
    modules: Sequence[str]
    number: int
    count: int


def keep(session: Session, data: ModuleEventData) -> bool:
    """Whether the event was new; events are told at least once, and the second time changes nothing."""
    same = select(RecordedEvent.id).where(
        RecordedEvent.platform_id == data.platform_id,
        RecordedEvent.module == data.module_code,
        RecordedEvent.event == data.event.value,
        RecordedEvent.occurred_at == data.occurred_at,
    )
    if session.scalars(same).first() is not None:
        return False
    session.add(
        RecordedEvent(
            platform_id=data.platform_id,
            module=data.module_code,
            event=data.event.value,
            actor=data.actor,
            occurred_at=data.occurred_at,
        )
    )
    return True


def report(session: Session, *, module: str = "", number: int = 1) -> Report:
    """A page of the events of the platform in scope, of one module if it is named."""
    counted = select(func.count()).select_from(RecordedEvent)
    query = select(RecordedEvent).order_by(RecordedEvent.occurred_at.desc(), RecordedEvent.id.desc())
    if module:
        counted = counted.where(RecordedEvent.module == module)
        query = query.where(RecordedEvent.module == module)
    count = max(1, -(-session.scalars(counted).one() // PAGE_SIZE))
    number = min(max(number, 1), count)
    found = list(session.scalars(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)))
    modules = list(session.scalars(select(RecordedEvent.module).distinct().order_by(RecordedEvent.module)))
    return Report(found, modules, number, count)


def count_since(session: Session, moment: datetime) -> dict[str, int]:
    """Event → how often it happened on the platform in scope since ``moment``."""
    query = select(RecordedEvent.event, func.count()).where(RecordedEvent.occurred_at >= moment)
    return dict(session.execute(query.group_by(RecordedEvent.event)).all())
