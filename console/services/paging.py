"""Pages by key: the address of a page names the entry that it begins after, so it shows the same whatever is added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute, Session

Row = TypeVar("Row")
Row_co = TypeVar("Row_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Place:
    """Which page is wanted: the newest, the one before an id, or the one after an id."""

    before: int | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[Row_co]):
    """Rows, newest first, and where the neighbouring pages are; None where there is none."""

    rows: tuple[Row_co, ...]
    newer: Place | None = None
    older: Place | None = None


def page_of(
    session: Session, found: Select[Row], key: InstrumentedAttribute[int], *, size: int, place: Place
) -> Page[Row]:
    """The rows of ``found`` at ``place``; one statement.

    Args:
        key: The column that orders the rows, the newest highest.
        size: Rows on a page.
    """
    if place.after is not None:
        rows = session.scalars(found.where(key > place.after).order_by(key).limit(size + 1)).all()
        shown = tuple(reversed(rows[:size]))
        return _page(shown, key, has_newer=len(rows) > size, has_older=True)
    if place.before is not None:
        found = found.where(key < place.before)
    rows = session.scalars(found.order_by(key.desc()).limit(size + 1)).all()
    return _page(tuple(rows[:size]), key, has_newer=place.before is not None, has_older=len(rows) > size)


def _page(rows: tuple[Row, ...], key: InstrumentedAttribute[int], *, has_newer: bool, has_older: bool) -> Page[Row]:
    if not rows:
        return Page(rows)
    newest, oldest = (int(getattr(row, key.key)) for row in (rows[0], rows[-1]))
    return Page(rows, Place(after=newest) if has_newer else None, Place(before=oldest) if has_older else None)
