"""What somebody changed in a posted configuration form."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ValidationError
from pydantic_core import to_jsonable_python
from werkzeug.datastructures import MultiDict

from console.domain.config import reasons
from console.errors import ConfigInvalid
from console.web.forms.build import text_of
from console.web.forms.inputs import PREFIX, Input, InputKind, inputs_of

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


def marker_of(name: str) -> str:
    """The hidden input that says a switch was on the page: an unchecked one posts nothing."""
    return "on_page_" + name.removeprefix(PREFIX)


def read_changes(schema: type[BaseModel], posted: Posted, current: Mapping[str, object]) -> Changes:
    """The edits that ``posted`` holds against the values in force.

    Args:
        schema: The module's configuration schema.
        posted: The form. A key that it lacks stays as it is; so does a secret left empty.
        current: Key → value in force.

    Raises:
        ConfigInvalid: An input that should hold JSON does not; names each such key.
    """
    unset = tuple(key for key in posted.getlist("unset") if key)
    broken: dict[str, str] = {}
    values: dict[str, object] = {}
    for each in inputs_of(schema):
        if each.key in unset:
            continue
        try:
            values.update(_change(each, posted, current.get(each.key)))
        except json.JSONDecodeError as error:
            broken[each.key] = f"is not valid JSON: {error.msg} (line {error.lineno}, column {error.colno})"
        except RecursionError:
            broken[each.key] = "is nested too deeply"
    if broken:
        raise ConfigInvalid({**_refused(schema, {**current, **values}, values), **broken})
    return Changes(values=values, unset=unset)


def _refused(schema: type[BaseModel], whole: Mapping[str, object], edited: Mapping[str, object]) -> dict[str, str]:
    """What the schema says of the other edits, so that one look at the form shows every fault."""
    try:
        schema.model_validate(dict(whole))
    except ValidationError as error:
        return {key: reason for key, reason in reasons(error).items() if key.partition(".")[0] in edited}
    return {}


def _change(each: Input, posted: Posted, current: object) -> Iterator[tuple[str, object]]:
    if each.kind is InputKind.GROUP:
        before = to_jsonable_python(current)
        base = dict(before) if isinstance(before, dict) else {}
        edits = dict(pair for child in each.children for pair in _change(child, posted, base.get(child.key)))
        if edits:
            yield each.key, {**base, **edits}
    elif each.kind is InputKind.SWITCH:
        if marker_of(each.name) in posted and (each.name in posted) != bool(current):
            yield each.key, each.name in posted
    elif each.name in posted and (each.kind is not InputKind.SECRET or posted[each.name]):
        text = posted[each.name].replace("\r\n", "\n")
        if each.kind is InputKind.SECRET or text.strip() != str(text_of(each, current)).strip():
            yield each.key, value_of(each, text)


def value_of(each: Input, text: str) -> object:
    """What ``text`` means for the schema; a number that is none stays text, so that the schema names the fault.

    Raises:
        json.JSONDecodeError: The input holds JSON and the text is none.
    """
    if each.optional and not text.strip():
        return None
    reader = _READERS.get(each.kind)
    if reader is not None:
        return reader(text)
    if each.kind is InputKind.CHOICE:
        return next((choice for choice in each.choices if str(choice) == text), text)
    return text if each.kind in (InputKind.SECRET, InputKind.LONG_TEXT) else text.strip()


def _number(text: str, convert: type[int] | type[float]) -> object:
    try:
        return convert(text.strip())
    except ValueError:
        return text


_READERS: Mapping[InputKind, Callable[[str], object]] = {
    InputKind.INTEGER: lambda text: _number(text, int),
    InputKind.NUMBER: lambda text: _number(text, float),
    InputKind.LINES: lambda text: [line.strip() for line in text.splitlines() if line.strip()],
    InputKind.JSON: json.loads,
}
