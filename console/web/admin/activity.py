"""The activity of a platform as bars that the server draws, with the numbers in words beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from console.domain.days import Day, last_days
from console.services import activity
from console.services.activity import Activity, Measure
from console.web.babel import format_day, timezone
from console.web.babel import gettext as _

DAYS = 30
HEIGHT = 32
STEP = 4
_LOWEST = 3  # a day with something in it is seen, however much another has


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of a series: where its bar stands and what it says."""

    x: int
    y: int
    height: int
    count: int
    text: str


@dataclass(frozen=True, slots=True)
class Series:
    """A measure over the days."""

    name: Measure
    label: str
    total: int
    today: int
    summary: str
    bars: tuple[Bar, ...]

    @property
    def width(self) -> int:
        """Of the drawing, in its own units."""
        return STEP * len(self.bars)


@dataclass(frozen=True, slots=True)
class Row:
    """A day with its number of each series, for the table."""

    day: date
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """All series and the same numbers as a table, newest day first."""

    series: tuple[Series, ...]
    rows: tuple[Row, ...]

    @property
    def height(self) -> int:
        """Of each drawing, in its own units."""
        return HEIGHT


def chart(session: Session, platform_id: int, now: datetime) -> Chart:
    """The last 30 days of the platform in the person's time zone; one statement."""
    days = last_days(now, timezone(), DAYS)
    found = activity.of_platform(session, platform_id, days)
    rows = [Row(day.day, tuple(each.counts[place] for each in found)) for place, day in enumerate(days)]
    return Chart(tuple(_series(each, days) for each in found), tuple(reversed(rows)))


def _series(found: Activity, days: Sequence[Day]) -> Series:
    labels: dict[Measure, str] = {
        "operations": _("Operations"),
        "changes": _("Changes by people"),
        "failures": _("Failed steps"),
        "events": _("Events"),
    }
    highest = max(found.counts)
    return Series(
        name=found.measure,
        label=labels[found.measure],
        total=found.total,
        today=found.counts[-1],
        summary=_summary(found, days),
        bars=tuple(_bar(place, count, highest, days[place]) for place, count in enumerate(found.counts)),
    )


def _summary(found: Activity, days: Sequence[Day]) -> str:
    highest = max(found.counts)
    if not highest:
        return _("Nothing in %(days)s days.", days=len(days))
    best = days[found.counts.index(highest)]
    return _(
        "%(total)s in %(days)s days, most on %(day)s: %(count)s.",
        total=found.total,
        days=len(days),
        day=format_day(best.day),
        count=highest,
    )


def _bar(place: int, count: int, highest: int, day: Day) -> Bar:
    height = max(_LOWEST, round(HEIGHT * count / highest)) if count else 1
    return Bar(place * STEP, HEIGHT - height, height, count, f"{format_day(day.day)}: {count}")
