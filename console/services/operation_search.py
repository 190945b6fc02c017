"""Operations by what people look for: state, kind, module, author and day, page by page."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from console.domain.days import Period
from console.domain.words import OperationKind, OperationState
from console.services.operation_views import OperationView, views
from console.services.paging import Page, Place, page_of
from console.storage.tables import Operation, OperationStep

NEWEST = Place()


@dataclass(frozen=True, slots=True)
class OperationQuery:
    """What is looked for; an empty field means any.

    Args:
        module: Code of a module that has a step in it.
        actor: Part of the author's name.
    """

    states: tuple[OperationState, ...] = ()
    kind: OperationKind | None = None
    module: str = ""
    actor: str = ""
    period: Period = field(default_factory=Period)


def find(
    session: Session, platform_id: int | None, query: OperationQuery, *, size: int = 50, place: Place = NEWEST
) -> Page[OperationView]:
    """The operations of a platform, of all without one, that ``query`` asks for; three statements."""
    found = select(Operation).where(*_conditions(platform_id, query)).execution_options(populate_existing=True)
    if query.states:
        found = found.where(Operation.state.in_(query.states))
    page = page_of(session, found, Operation.id, size=size, place=place)
    return Page(tuple(views(session, page.rows)), page.newer, page.older)


def counts(session: Session, platform_id: int | None, query: OperationQuery) -> dict[OperationState, int]:
    """State → how many operations that match all of ``query`` but its states; those that none is in are left out."""
    counted = select(Operation.state, func.count().label("operations")).where(*_conditions(platform_id, query))
    return {row.state: row.operations for row in session.execute(counted.group_by(Operation.state))}


def _conditions(platform_id: int | None, query: OperationQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if platform_id is not None:
        found.append(Operation.platform_id == platform_id)
    if query.kind is not None:
        found.append(Operation.kind == query.kind)
    if query.module:
        steps = select(OperationStep.id).where(OperationStep.operation_id == Operation.id)
        found.append(steps.where(OperationStep.module == query.module).exists())
    if query.actor:
        found.append(Operation.actor.icontains(query.actor, autoescape=True))
    if query.period.since is not None:
        found.append(Operation.created_at >= query.period.since)
    if query.period.until is not None:
        found.append(Operation.created_at < query.period.until)
    return found
