"""What somebody changed in a posted configuration form."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from console.domain.config_schema import WORDS
from console.domain.plain import equal
from console.domain.reason_texts import TEXTS
from console.domain.reasons import Fault, Reason
from console.errors import ConfigInvalid
from console.web.forms import json_words
from console.web.forms.inputs import PREFIX, SEPARATOR, SET, Input, InputKind
from console.web.forms.shown import Sheet, inner_values, json_marker_of, marker_of, moment_of, normal, text_of

Posted = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class Changes:
    """The edits of one form: only what differs from the values in force, so that overrides stay sparse.

    Args:
        values: Key → new value, still to be judged by the schema.
        unset: Keys that go back to their default.
    """

    values: Mapping[str, object]
    unset: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.values or self.unset)


class _Broken(Exception):
    """A text means no value at all, so the schema cannot judge it."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def clear_name_of(name: str) -> str:
    """The checkbox that removes a stored secret."""
    return "clear_" + name.removeprefix(PREFIX)


def read_changes(sheet: Sheet, posted: Posted) -> Changes:
    """The edits that ``posted`` holds against what the sheet shows.

    A key that it lacks stays as it is; so does a secret left empty. What was not touched is no edit, whatever its
    value looks like in a form.

    Raises:
        ConfigInvalid: A text means no value at all (broken JSON, say); names each such key, and what the schema says
            of the other edits, so that one look at the form shows every fault.
    """
    unset = _unset(sheet, posted)
    broken: dict[str, str] = {}
    values: dict[str, object] = {}
    for each in sheet.inputs:
        if each.key in unset:
            continue
        try:
            values.update(_change(each, posted, sheet, sheet.values.get(each.key)))
        except _Broken as error:
            broken[each.key] = Reason(error.fault)
    if broken:
        problems = sheet.schema.read({**sheet.values, **values}).problems
        raise ConfigInvalid({**{key: why for key, why in problems.items() if key in values}, **broken})
    return Changes(values=values, unset=unset)


def _unset(sheet: Sheet, posted: Posted) -> tuple[str, ...]:
    asked = [key for key in posted.getlist("unset") if key]
    cleared = [each.key for each in sheet.inputs if clear_name_of(each.name) in posted and not posted.get(each.name)]
    return tuple(dict.fromkeys((*asked, *cleared)))


def _change(each: Input, posted: Posted, sheet: Sheet, current: object) -> Iterator[tuple[str, object]]:
    if each.kind is InputKind.GROUP:
        yield from _group_change(each, posted, sheet, current)
    elif each.kind is InputKind.SWITCH and marker_of(each.name) in posted:
        if (wanted := each.name in posted) != text_of(each, current):
            yield each.key, wanted
    elif each.kind is InputKind.SECRET:
        if posted.get(each.name):
            yield each.key, posted[each.name] if each.multiline else posted[each.name].strip("\r\n")
    elif each.name in posted:
        text, before = normal(posted[each.name]), text_of(each, current, sheet.zone)
        if text != normal(str(before)):
            value = value_of(each, text, sheet, current, as_json=json_marker_of(each.name) in posted)
            if not equal(value, current):
                yield each.key, value


def _group_change(each: Input, posted: Posted, sheet: Sheet, current: object) -> Iterator[tuple[str, object]]:
    base = dict(inner_values(each, current))
    was_set = bool(base.pop(SET, True))
    children = [child for child in each.children if child.key != SET]
    if not _is_set(each, posted, was_set=was_set):
        if was_set:
            yield each.key, None
        return
    edits: dict[str, object] = {} if was_set else _switches(children, posted)
    for child in children:
        try:
            edits.update(_change(child, posted, sheet, base.get(child.key)))
        except _Broken as error:
            raise _Broken(replace(error.fault, path=(child.key, *error.fault.path))) from None
    if edits or not was_set:
        yield each.key, {**base, **edits}


def _is_set(group: Input, posted: Posted, *, was_set: bool) -> bool:
    """Whether the model shall have a value; only an optional one has a switch that says so."""
    switch = group.name + SEPARATOR
    return switch in posted if group.optional and marker_of(switch) in posted else was_set


def _switches(children: Sequence[Input], posted: Posted) -> dict[str, object]:
    """What the switches of a model say that is new: one that stands off says so, though nobody touched it."""
    shown = (each for each in children if each.kind is InputKind.SWITCH and marker_of(each.name) in posted)
    return {each.key: each.name in posted for each in shown}


def value_of(each: Input, text: str, sheet: Sheet, current: object, *, as_json: bool = False) -> object:
    """What ``text`` means for the schema; a number that is none stays text, so that the schema names the fault.

    Args:
        current: The value in force; a moment keeps its kind, with or without a time zone.
        as_json: Whether a list stood there as JSON.
    """
    if each.optional and not text.strip():
        return None
    if each.kind is InputKind.DATETIME:
        return _moment(each, text.strip(), sheet, current)
    reader = _json if as_json and each.kind is InputKind.LINES else _READERS.get(each.kind, _trimmed)
    return reader(each, text)


def _as_it_is(_each: Input, text: str) -> object:
    return text


def _trimmed(_each: Input, text: str) -> object:
    return text.strip()


def _switch(_each: Input, text: str) -> object:
    return WORDS.get(text.strip().lower(), True)


def _lines(each: Input, text: str) -> object:
    return [_item(each, line.strip()) for line in text.splitlines() if line.strip()]


def _choice(each: Input, text: str) -> object:
    return next((choice.value for choice in each.choices if choice.text == text), text)


def _json(_each: Input, text: str) -> object:
    try:
        found: object = json.loads(text)
    except json.JSONDecodeError as error:
        raise _Broken(json_words.fault_of(error)) from None
    except RecursionError:
        raise _Broken(Fault(json_words.TOO_DEEP)) from None
    except ValueError:  # a whole number of thousands of digits
        raise _Broken(Fault(TEXTS["int_parsing_size"])) from None
    return found


def _moment(each: Input, text: str, sheet: Sheet, current: object) -> object:
    typed, before = moment_of(text), moment_of(current)
    keeps_zone = each.zone == "aware" or (not each.zone and before is not None and before.tzinfo is not None)
    if typed is None or typed.tzinfo is not None or not keeps_zone:
        return text
    return typed.replace(tzinfo=sheet.zone).isoformat()


_NUMBERS: Mapping[InputKind, Callable[[str], object]] = {InputKind.INTEGER: int, InputKind.NUMBER: float}
_ITEMS: Mapping[str, Callable[[str], object]] = {"integer": int, "number": float}


def _number(each: Input, text: str) -> object:
    text = text.strip()
    if each.item == "decimal":  # a float would lose digits
        return text
    try:
        return _NUMBERS[each.kind](text)
    except ValueError:
        if not each.judged:
            raise _Broken(Fault(TEXTS["int_type" if each.kind is InputKind.INTEGER else "float_type"])) from None
        return text


def _item(each: Input, text: str) -> object:
    try:
        return _ITEMS.get(each.item, str)(text)
    except ValueError:
        return text


_READERS: Mapping[InputKind, Callable[[Input, str], object]] = {
    InputKind.SWITCH: _switch,
    InputKind.INTEGER: _number,
    InputKind.NUMBER: _number,
    InputKind.CHOICE: _choice,
    InputKind.TEXT: _as_it_is,
    InputKind.LONG_TEXT: _as_it_is,
    InputKind.LINES: _lines,
    InputKind.JSON: _json,
}
