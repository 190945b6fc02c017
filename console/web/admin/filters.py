"""Filters that live in the address: days as people write them, places of pages, and links that keep the rest."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from flask import request, url_for

from console.domain.days import Period, period
from console.services.paging import Page, Place
from console.web.babel import gettext as _
from console.web.babel import timezone

_PLACES = ("before", "after")


@dataclass(frozen=True, slots=True)
class Pager:
    """Where the neighbouring pages are."""

    newer_url: str | None
    older_url: str | None


@dataclass(frozen=True, slots=True)
class DayFields:
    """Two days of a filter as they were typed, and the period between them; ``error`` says what is wrong."""

    first: str
    last: str
    period: Period
    error: str = ""


def text(name: str) -> str:
    """The filter's text in the address, of a length that nobody types by hand."""
    return request.args.get(name, "").strip()[:200]


def days() -> DayFields:
    """The days ``from`` and ``to`` of the address, in the person's time zone."""
    first, last = text("from"), text("to")
    try:
        return DayFields(first, last, period(first, last, timezone()))
    except (ValueError, OverflowError):
        return DayFields(first, last, Period(), _("Write a day as 2026-03-31."))


def place() -> Place:
    """Which page the address asks for."""
    return Place(*(request.args.get(name, type=int) for name in _PLACES))


def pager(endpoint: str, page: Page[object]) -> Pager:
    """Links to the neighbours of ``page``, with the same filters."""
    return Pager(*(None if each is None else link(endpoint, **asdict(each)) for each in (page.newer, page.older)))


def link(endpoint: str, **changes: object) -> str:
    """The address of ``endpoint`` with this address' filters but for ``changes``; None and empty are left out."""
    kept: dict[str, object] = {name: value for name, value in request.args.items() if name not in _PLACES}
    wanted = {name: str(value) for name, value in {**kept, **changes}.items() if value not in (None, "")}
    return url_for(endpoint, _anchor=None, _method=None, _scheme=None, _external=None, **wanted)
