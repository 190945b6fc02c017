"""What happened on a platform day by day, counted by the database in the days of whoever looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from console.domain.days import Day
from console.storage.tables import AuditEntry, Delivery, Operation

Measure = Literal["operations", "changes", "failures", "events"]
MEASURES: tuple[Measure, ...] = ("operations", "changes", "failures", "events")
BY_PEOPLE = ("page", "cli", "api", "file")
NOT_CHANGES = ("sessions.", "steps.")


@dataclass(frozen=True, slots=True)
class Activity:
    """Counts of one measure, one for each day, oldest first."""

    measure: Measure
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All days together."""
        return sum(self.counts)


def of_platform(session: Session, platform_id: int, days: Sequence[Day]) -> tuple[Activity, ...]:
    """Every measure on each of ``days``; one statement.

    ``operations`` were accepted, ``changes`` are entries that a person caused (neither logins nor steps), ``failures``
    are steps that failed, retried ones included, and ``events`` were published, once for each subscriber.
    """
    found: dict[str, dict[int, int]] = {measure: {} for measure in MEASURES}
    for row in session.execute(union_all(*_counted(platform_id, days))):
        found[row.measure][row.day] = row.number
    return tuple(Activity(each, _in_order(found[each], len(days))) for each in MEASURES)


def _in_order(counts: Mapping[int, int], days: int) -> tuple[int, ...]:
    return tuple(counts.get(place, 0) for place in range(days))


def _counted(platform_id: int, days: Sequence[Day]) -> list[Select[tuple[str, int, int]]]:
    audited = AuditEntry.platform_id == platform_id
    other = or_(*(AuditEntry.action.startswith(each) for each in NOT_CHANGES))
    by_people = and_(audited, AuditEntry.source.in_(BY_PEOPLE), ~other)
    return [
        _each_day("operations", Operation.created_at, days, Operation.platform_id == platform_id),
        _each_day("changes", AuditEntry.at, days, by_people),
        _each_day("failures", AuditEntry.at, days, and_(audited, AuditEntry.action == "steps.failed")),
        _each_day("events", Delivery.occurred_at, days, Delivery.platform_id == platform_id),
    ]


def _each_day(
    measure: Measure, at: InstrumentedAttribute[datetime], days: Sequence[Day], mine: ColumnElement[bool]
) -> Select[tuple[str, int, int]]:
    """Place of the day in ``days`` → number of rows; a day is found by its end, so that summer time needs no rule."""
    place = case(*((at < each.end, number) for number, each in enumerate(days)), else_=len(days))
    rows = select(place.label("day")).where(mine, at >= days[0].start, at < days[-1].end).subquery()
    counted = select(literal(measure).label("measure"), rows.c.day, func.count().label("number"))
    return counted.select_from(rows).group_by(rows.c.day)
