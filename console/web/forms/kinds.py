"""What a node of a JSON Schema asks for: which input, which bounds, which choices."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

Node = Mapping[str, object]

LONG_TEXT_FROM = 200
DEEPEST = 2  # fieldsets inside each other; what lies deeper, or refers to itself, is written as JSON


class InputKind(StrEnum):
    """What a key looks like in a form."""

    SWITCH = "switch"
    INTEGER = "integer"
    NUMBER = "number"
    CHOICE = "choice"
    TEXT = "text"
    LONG_TEXT = "long_text"
    SECRET = "secret"  # noqa: S105  # a kind of input, not a password
    URL = "url"
    EMAIL = "email"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    DURATION = "duration"
    LINES = "lines"
    JSON = "json"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value to choose: as the schema has it, as the form sends it, and in words."""

    value: object
    text: str
    label: str


_BY_TYPE = {"boolean": InputKind.SWITCH, "integer": InputKind.INTEGER, "number": InputKind.NUMBER}
_BY_FORMAT = {
    "password": InputKind.SECRET,
    "uri": InputKind.URL,
    "email": InputKind.EMAIL,
    "date": InputKind.DATE,
    "time": InputKind.TIME,
    "date-time": InputKind.DATETIME,
    "duration": InputKind.DURATION,
}
_SCALARS = ("string", "integer", "number")


def resolved(node: Node, definitions: Node) -> Node:
    """The node with its reference replaced by what it refers to; what stands beside the reference wins."""
    reference = node.get("$ref")
    if not isinstance(reference, str):
        return node
    target = cast(Node, definitions.get(reference.rsplit("/", 1)[-1], {}))
    return {**target, **{key: value for key, value in node.items() if key != "$ref"}}


def without_null(node: Node, definitions: Node) -> tuple[Node, bool]:
    """The one shape that ``anyOf`` offers beside null (a decimal's number), and whether null is offered."""
    branches = [resolved(branch, definitions) for branch in cast(Sequence[Node], node.get("anyOf", ()))]
    if not branches:
        return node, None in cast(Sequence[object], node.get("enum", ()))
    shapes = [branch for branch in branches if branch.get("type") != "null"]
    optional = len(shapes) < len(branches)
    numbers = [shape for shape in shapes if shape.get("type") == "number"]
    if numbers and {shape.get("type") for shape in shapes} == {"number", "string"}:
        return {**numbers[0], "format": "decimal"}, optional
    return (shapes[0] if len(shapes) == 1 else {}), optional


def kind_of(node: Node, definitions: Node, *, depth: int, optional: bool) -> InputKind:
    """The input for a node without null; a union and a mapping are written as JSON."""
    if "enum" in node or "const" in node:
        return InputKind.CHOICE
    shape = node.get("type")
    if shape == "string":
        return _text_kind(node)
    if shape == "array":
        return InputKind.LINES if item_type(node, definitions) else InputKind.JSON
    if shape == "object":
        is_group = node.get("properties") and depth < DEEPEST
        return InputKind.GROUP if is_group else InputKind.JSON
    if shape == "boolean" and optional:
        return InputKind.CHOICE
    return _BY_TYPE.get(str(shape), InputKind.JSON)


def _text_kind(node: Node) -> InputKind:
    kind = _BY_FORMAT.get(str(node.get("format", "")))
    if kind is not None:
        return kind
    limit = node.get("maxLength")
    is_long = node.get("multiline") or (isinstance(limit, int) and limit > LONG_TEXT_FROM)
    return InputKind.LONG_TEXT if is_long else InputKind.TEXT


def item_type(node: Node, definitions: Node) -> str:
    """What an entry of the list is: ``string``, ``integer``, ``number`` or ``decimal``; "" when it is no scalar."""
    if "prefixItems" in node or not isinstance(node.get("items"), Mapping):
        return ""
    item, optional = without_null(resolved(cast(Node, node["items"]), definitions), definitions)
    if optional or item.get("format") == "password":
        return ""
    if item.get("format") == "decimal":
        return "decimal"
    return str(item["type"]) if item.get("type") in _SCALARS else ""


def choices_of(node: Node, *, optional: bool) -> tuple[Choice, ...]:
    """The values to choose from, with the words that ``labels`` has for them."""
    if node.get("type") == "boolean" and "enum" not in node and "const" not in node:
        values: Sequence[object] = (True, False)
    else:
        values = (node["const"],) if "const" in node else cast(Sequence[object], node.get("enum", ()))
    labels = cast(Mapping[str, object], node.get("labels") or {})
    # An empty option means None, so an empty text is written as JSON; so is everything once a number is among them.
    plain = all(isinstance(value, str) and (value or not optional) for value in values)
    return tuple(
        Choice(value, str(value) if plain else json.dumps(value), str(labels.get(str(value), "")))
        for value in values
        if value is not None
    )


def attributes_of(node: Node, kind: InputKind) -> dict[str, str]:
    """HTML attributes that repeat the schema's bounds for the browser."""
    if kind in (InputKind.LINES, InputKind.JSON, InputKind.CHOICE):
        return {}
    names = {"maxLength": "maxlength", "minLength": "minlength", "minimum": "min", "maximum": "max"}
    found = {html: str(node[key]) for key, html in names.items() if node.get(key) is not None}
    if kind is InputKind.INTEGER:
        for key, html, step in (("exclusiveMinimum", "min", 1), ("exclusiveMaximum", "max", -1)):
            if isinstance(bound := node.get(key), int):
                found[html] = str(bound + step)
        found["step"] = str(node.get("multipleOf", 1))
    elif kind is InputKind.NUMBER:
        found["step"] = "any"
    return found
