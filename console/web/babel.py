"""Flask-Babel's functions with their types; it ships none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import flask_babel  # type: ignore[import-untyped]
from babel.units import format_unit

from console.web.numbers import format_number
from console.web.told import told

_UNITS = ((86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


def gettext(text: str, **values: object) -> str:
    """``text`` in the language of the request, with ``%(name)s`` filled in."""
    return str(flask_babel.gettext(text, **_told(values)))


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """The form of the text that goes with ``num`` in the language of the request."""
    found = flask_babel.get_domain().get_translations().ungettext(one, many, num)
    return str(found) % {"num": format_number(num), **_told(values)}


def _told(values: Mapping[str, object]) -> dict[str, object]:
    return {name: told(value) for name, value in values.items()}


def lazy_gettext(text: str, **values: object) -> object:
    """``text``, translated when it is shown."""
    lazy: object = flask_babel.lazy_gettext(text, **values)
    return lazy


def format_seconds(seconds: int) -> str:
    """A length of time in the largest unit that it is a whole number of: ``1 hour``, ``90 seconds``."""
    length, unit = next((size, name) for size, name in _UNITS if seconds % size == 0)
    return str(format_unit(seconds // length, unit, length="long", locale=flask_babel.get_locale() or "en"))


def format_span(span: timedelta) -> str:
    """How long ago (negative) or how soon: ``3 minutes ago``, ``in 5 seconds``."""
    return str(flask_babel.format_timedelta(span, add_direction=True))


def format_length(span: timedelta) -> str:
    """How long something took: ``0.4 s``, ``3 minutes``."""
    seconds = span.total_seconds()
    if seconds < 60:
        return f"{flask_babel.format_decimal(round(seconds, 1))} s"
    return str(flask_babel.format_timedelta(span))


def format_day(day: date) -> str:
    """A day as people write it, without a time zone that could move it."""
    return str(flask_babel.format_date(day, "medium", rebase=False))


def timezone() -> ZoneInfo:
    """The time zone of the person, else the instance's."""
    return ZoneInfo(str(flask_babel.get_timezone()))
