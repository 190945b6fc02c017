"""Days as people count them: in their own time zone, with the instants at which each begins and ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class Day:
    """One day: from ``start`` until before ``end``, both in UTC; 23 to 25 hours."""

    day: date
    start: datetime
    end: datetime


def start_of(day: date, zone: tzinfo) -> datetime:
    """The instant at which ``day`` begins in ``zone``, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def day_of(moment: datetime, zone: tzinfo) -> date:
    """The day on which ``moment`` falls in ``zone``."""
    return moment.astimezone(zone).date()


def last_days(now: datetime, zone: tzinfo, count: int) -> tuple[Day, ...]:
    """The last ``count`` days up to the one of ``now``, oldest first."""
    return tuple(_days(day_of(now, zone), zone, count))


def _days(last: date, zone: tzinfo, count: int) -> Iterator[Day]:
    for back in range(count - 1, -1, -1):
        day = last - timedelta(days=back)
        yield Day(day, start_of(day, zone), start_of(day + timedelta(days=1), zone))


@dataclass(frozen=True, slots=True)
class Period:
    """From ``since`` until before ``until``; without an end on a side that is None."""

    since: datetime | None = None
    until: datetime | None = None


def period(first: str, last: str, zone: tzinfo) -> Period:
    """The days from ``first`` to ``last``, both of them in it, as people write them: ``2026-03-01``; empty is open.

    Raises:
        ValueError: One of them is no day.
    """
    since = start_of(date.fromisoformat(first), zone) if first else None
    until = start_of(date.fromisoformat(last) + timedelta(days=1), zone) if last else None
    return Period(since, until)
