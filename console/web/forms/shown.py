"""What the inputs of a form show for the values in force."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from pydantic import SecretStr

from console.domain.config_schema import ConfigSchema
from console.domain.plain import equal, plain
from console.web.forms.inputs import PREFIX, SET, Input, InputKind

Text = str | bool
"""A bool for a switch, else text."""

NEWLINES = re.compile(r"\r\n?")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form with the values that it begins with.

    Args:
        schema: What judges the values.
        inputs: The inputs of that schema.
        values: Key → value that the inputs show: in force, or stored and refused today.
        zone: The time zone in which the person reads and writes moments.
    """

    schema: ConfigSchema
    inputs: tuple[Input, ...]
    values: Mapping[str, object]
    zone: tzinfo = UTC


def marker_of(name: str) -> str:
    """The hidden input that says a switch was on the page: an unchecked one posts nothing."""
    return "on_page_" + name.removeprefix(PREFIX)


def json_marker_of(name: str) -> str:
    """The hidden input that says that a list stood there as JSON, since its entries do not fit on lines."""
    return "as_json_" + name.removeprefix(PREFIX)


def texts_of(sheet: Sheet) -> dict[str, Text]:
    """Form name → what the input shows, those of nested models included."""
    return dict(_texts(sheet.inputs, sheet.values, sheet.zone))


def _texts(inputs: tuple[Input, ...], values: Mapping[str, object], zone: tzinfo) -> Iterator[tuple[str, Text]]:
    for each in inputs:
        if each.kind is InputKind.GROUP:
            yield from _texts(each.children, inner_values(each, values.get(each.key)), zone)
        else:
            yield each.name, text_of(each, values.get(each.key), zone)


def inner_values(group: Input, value: object) -> Mapping[str, object]:
    """Key → JSON value of a nested model; of one that is not set, what it would begin with."""
    if not group.optional:
        return mapping_of(value)
    return {**(group.initial if value is None else mapping_of(value)), SET: value is not None}


def mapping_of(value: object) -> Mapping[str, object]:
    """The JSON object that a value is; empty when it is none."""
    found = plain(value)
    return found if isinstance(found, dict) else {}


def text_of(each: Input, value: object, zone: tzinfo = UTC) -> Text:
    """What the input shows for ``value``: a bool for a switch, else text; nothing for a secret."""
    if each.kind is InputKind.SECRET or isinstance(value, SecretStr):
        return ""
    if each.kind is InputKind.SWITCH and isinstance(value, bool | None):
        return bool(value)
    if value is None:
        return ""
    if each.kind is InputKind.DATETIME:
        return moment_text(value, zone)
    return _WRITERS.get(each.kind, _written)(each, plain(value))


def _written(_each: Input, found: object) -> str:
    return written(found)


def _choice_text(each: Input, found: object) -> str:
    return next((choice.text for choice in each.choices if equal(choice.value, found)), written(found))


def _list_text(each: Input, found: object) -> str:
    if not isinstance(found, list) or not fits_on_lines(found):
        return _json_text(each, found)
    return "\n".join(map(written, found))


def _json_text(_each: Input, found: object) -> str:
    return json.dumps(found, indent=2, ensure_ascii=False)


_WRITERS: Mapping[InputKind, Callable[[Input, object], str]] = {
    InputKind.CHOICE: _choice_text,
    InputKind.LINES: _list_text,
    InputKind.JSON: _json_text,
}


def written(value: object) -> str:
    """A JSON value as people write it: text as it is, everything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def fits_on_lines(value: object) -> bool:
    """Whether the entries of a list, one on each line, can be read back as they are."""
    found = plain(value)
    if found is None:
        return True
    return isinstance(found, list) and all(
        isinstance(each, str | int | float) and not isinstance(each, bool) and _fits_on_a_line(written(each))
        for each in found
    )


def _fits_on_a_line(text: str) -> bool:
    return bool(text) and text == text.strip() and len(text.splitlines()) == 1


def moment_of(value: object) -> datetime | None:
    """The moment that a value is, None when it is none."""
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def moment_text(value: object, zone: tzinfo) -> str:
    """A moment in the person's time zone; one without a zone as it is."""
    moment = moment_of(value)
    if moment is None:
        return written(plain(value))
    try:
        local = moment.astimezone(zone).replace(tzinfo=None) if moment.tzinfo else moment
    except OverflowError:  # at the edges of the calendar
        return moment.isoformat()
    exact = local.second or local.microsecond
    return local.isoformat(timespec="auto" if exact else "minutes")


def normal(text: str) -> str:
    """Text with one kind of newline: forms are sent with another."""
    return NEWLINES.sub("\n", text)
