"""Which input each key of a configuration schema gets.

The JSON schema that pydantic writes is the common form of every annotation (bounds, enums, formats, nesting), so the
mapping reads that instead of walking types. It costs about half a millisecond, hence once per schema.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import cast

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

Node = Mapping[str, object]

PREFIX = "c_"
SEPARATOR = "-"
LONG_TEXT_FROM = 200


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
    LINES = "lines"
    JSON = "json"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a form.

    Args:
        key: The key in its schema.
        name: The name in the form: prefixed, because a key may be called ``data`` or ``errors`` like a form's own.
        optional: Whether an empty input means None.
        attributes: HTML attributes that repeat the schema's bounds for the browser.
        choices: The values to choose from, as the schema has them.
        children: The inputs of a nested model.
    """

    key: str
    name: str
    kind: InputKind
    label: str
    hint: str = ""
    optional: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[object, ...] = ()
    children: tuple[Input, ...] = ()


class _Lenient(GenerateJsonSchema):
    """A type without a JSON schema becomes an empty one, which gets the JSON input."""

    def handle_invalid_for_json_schema(self, schema: core_schema.CoreSchema, error_info: str) -> JsonSchemaValue:
        return {}


@lru_cache(maxsize=512)
def inputs_of(schema: type[BaseModel]) -> tuple[Input, ...]:
    """The inputs of a configuration schema, in its own order."""
    document = schema.model_json_schema(by_alias=False, schema_generator=_Lenient)
    definitions = cast(Node, document.get("$defs", {}))
    return _inputs(document, definitions, prefix=PREFIX, depth=0)


def _inputs(document: Node, definitions: Node, *, prefix: str, depth: int) -> tuple[Input, ...]:
    properties = cast(Mapping[str, Node], document.get("properties", {}))
    return tuple(_input(key, node, definitions, name=prefix + key, depth=depth) for key, node in properties.items())


def _input(key: str, node: Node, definitions: Node, *, name: str, depth: int) -> Input:
    shape, optional = _without_null(_resolved(node, definitions), definitions)
    kind = _kind(shape, depth)
    children: tuple[Input, ...] = ()
    if kind is InputKind.GROUP:
        children = _inputs(shape, definitions, prefix=name + SEPARATOR, depth=depth + 1)
    return Input(
        key=key,
        name=name,
        kind=kind,
        label=_label(key, node),
        hint=str(node.get("description") or shape.get("description") or "") if kind is not InputKind.GROUP else "",
        optional=optional,
        attributes=_attributes(shape, kind),
        choices=_choices(shape),
        children=children,
    )


def _resolved(node: Node, definitions: Node) -> Node:
    """The node with its reference replaced by what it refers to; what stands beside the reference wins."""
    reference = node.get("$ref")
    if not isinstance(reference, str):
        return node
    target = cast(Node, definitions.get(reference.rsplit("/", 1)[-1], {}))
    return {**target, **{key: value for key, value in node.items() if key != "$ref"}}


def _without_null(node: Node, definitions: Node) -> tuple[Node, bool]:
    """The one shape that ``anyOf`` offers beside null (a decimal's number), and whether null is offered."""
    branches = [_resolved(branch, definitions) for branch in cast(Sequence[Node], node.get("anyOf", ()))]
    if not branches:
        return node, False
    shapes = [branch for branch in branches if branch.get("type") != "null"]
    optional = len(shapes) < len(branches)
    numbers = [shape for shape in shapes if shape.get("type") == "number"]
    if len(shapes) == 1 or (numbers and {shape.get("type") for shape in shapes} == {"number", "string"}):
        return (numbers or shapes)[0], optional
    return {}, optional


_BY_TYPE = {"boolean": InputKind.SWITCH, "integer": InputKind.INTEGER, "number": InputKind.NUMBER}
_PLAIN_ITEMS = ("string", "integer", "number")


def _kind(node: Node, depth: int) -> InputKind:
    if "enum" in node or "const" in node:
        return InputKind.CHOICE
    shape = str(node.get("type", ""))
    if shape == "string":
        return _text_kind(node)
    if shape == "array" and cast(Node, node.get("items", {})).get("type") in _PLAIN_ITEMS:
        return InputKind.LINES
    if shape == "object" and node.get("properties") and depth == 0:
        return InputKind.GROUP
    return _BY_TYPE.get(shape, InputKind.JSON)


def _text_kind(node: Node) -> InputKind:
    by_format = {
        "password": InputKind.SECRET,
        "uri": InputKind.URL,
        "email": InputKind.EMAIL,
        "date": InputKind.DATE,
    }
    kind = by_format.get(str(node.get("format", "")))
    if kind is not None:
        return kind
    limit = node.get("maxLength")
    return InputKind.LONG_TEXT if isinstance(limit, int) and limit > LONG_TEXT_FROM else InputKind.TEXT


def _attributes(node: Node, kind: InputKind) -> dict[str, str]:
    names = {"maxLength": "maxlength", "minLength": "minlength", "minimum": "min", "maximum": "max"}
    found = {html: str(node[key]) for key, html in names.items() if node.get(key) is not None}
    if kind is InputKind.INTEGER:
        for key, html, step in (("exclusiveMinimum", "min", 1), ("exclusiveMaximum", "max", -1)):
            if isinstance(bound := node.get(key), int):
                found[html] = str(bound + step)
        found["step"] = str(node.get("multipleOf", 1))
    elif kind is InputKind.NUMBER:
        found["step"] = str(node.get("multipleOf", "any"))
    if kind is InputKind.LINES:
        return {}
    return found


def _choices(node: Node) -> tuple[object, ...]:
    if "const" in node:
        return (node["const"],)
    return tuple(cast(Sequence[object], node.get("enum", ())))


def _label(key: str, node: Node) -> str:
    """The title that the author gave, else the key in words (pydantic's own title shouts Every Word)."""
    words = key.replace("_", " ").strip()
    title = str(node.get("title", ""))
    return title if title and title.lower() != words.lower() else words[:1].upper() + words[1:]
