"""Which input each key of a configuration schema gets.

The JSON schema that pydantic writes is the common form of every annotation (bounds, enums, formats, nesting), so the
mapping reads that instead of walking types. It costs about half a millisecond, hence once per schema.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import cast

from pydantic import BaseModel

from console.domain.config_schema import ConfigSchema, of_model, schema_of
from console.domain.definition import ModuleDefinition
from console.web.forms.kinds import (
    Choice,
    InputKind,
    Node,
    attributes_of,
    choices_of,
    item_type,
    kind_of,
    resolved,
    without_null,
)

__all__ = ["PREFIX", "Choice", "Input", "InputKind", "inputs_for", "inputs_of", "leaves", "spoken"]

PREFIX = "c_"
SEPARATOR = "-"
SET = ""
"""The key of the switch that says whether an optional model is set; no field has an empty name."""


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a form. Texts are the schema's own; the page looks them up in the module's catalog.

    Args:
        key: The key in its schema.
        name: The name in the form: prefixed, because a key may be called ``data`` or ``errors`` like a form's own.
        group: The heading under which the input stands, "" for none.
        unit: What the number counts, such as ``days``.
        optional: Whether an empty input means None.
        judged: Whether a schema judges the value; without one only the type of the default counts.
        item: What an entry of a list is, or ``decimal`` for a number whose digits count.
        zone: ``aware`` or ``naive`` when the schema says whether a moment must name its time zone.
        bounds: Lowest and highest value, None where there is none.
        attributes: HTML attributes that repeat the schema's bounds for the browser.
        children: The inputs of a nested model; the first one of an optional model is the switch ``SET``.
        initial: What the inputs of a nested model begin with while it is not set.
    """

    key: str
    name: str
    kind: InputKind
    label: str
    hint: str = ""
    group: str = ""
    unit: str = ""
    order: float = 0
    optional: bool = False
    multiline: bool = False
    judged: bool = True
    item: str = ""
    zone: str = ""
    bounds: tuple[object, object] = (None, None)
    attributes: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    children: tuple[Input, ...] = ()
    initial: Mapping[str, object] = field(default_factory=dict)


@lru_cache(maxsize=512)
def inputs_for(definition: ModuleDefinition) -> tuple[Input, ...]:
    """The inputs of a module's configuration; none when it has nothing to configure."""
    return _of_schema(schema_of(definition), judged=definition.config_schema is not None)


@lru_cache(maxsize=512)
def inputs_of(model: type[BaseModel]) -> tuple[Input, ...]:
    """The inputs of a pydantic model."""
    return _of_schema(of_model(model), judged=True)


def leaves(inputs: tuple[Input, ...]) -> tuple[Input, ...]:
    """The inputs with those of nested models in place of the models."""
    return tuple(leaf for each in inputs for leaf in (leaves(each.children) if each.children else (each,)))


def _of_schema(schema: ConfigSchema, *, judged: bool) -> tuple[Input, ...]:
    document = schema.json_schema()
    return _inputs(document, cast(Node, document.get("$defs", {})), prefix=PREFIX, depth=0, judged=judged)


def _inputs(document: Node, definitions: Node, *, prefix: str, depth: int, judged: bool) -> tuple[Input, ...]:
    """The inputs in the order of the schema, moved by what ``order`` says; 0 is where a key stands by itself."""
    properties = cast(Mapping[str, Node], document.get("properties", {}))
    found = (
        _input(key, node, definitions, name=prefix + _name(key), depth=depth, judged=judged)
        for key, node in properties.items()
    )
    return tuple(sorted(found, key=lambda each: each.order))


def _name(key: str) -> str:
    """The key for names and ids; one that is no word (keys without a schema are free) is spelled in hexadecimal."""
    return key if key.isidentifier() else "x" + key.encode("utf-8", "surrogatepass").hex()


def _input(key: str, node: Node, definitions: Node, *, name: str, depth: int, judged: bool) -> Input:
    shape, optional = without_null(resolved(node, definitions), definitions)
    whole = {**shape, **{word: node[word] for word in ("labels", "multiline") if word in node}}
    kind = kind_of(whole, definitions, depth=depth, optional=optional)
    children: tuple[Input, ...] = ()
    if kind is InputKind.GROUP:
        children = _inputs(shape, definitions, prefix=name + SEPARATOR, depth=depth + 1, judged=judged)
        if optional:
            children = (Input(SET, name + SEPARATOR, InputKind.SWITCH, ""), *children)
    order = node.get("order", 0)
    return Input(
        key=key,
        name=name,
        kind=kind,
        label=_label(key, node),
        hint=_hint(node, shape, kind),
        group=str(node.get("group", "")),
        unit=str(node.get("unit", "")),
        order=order if isinstance(order, int | float) else 0,
        optional=optional,
        multiline=bool(node.get("multiline")),
        judged=judged,
        item="decimal" if shape.get("format") == "decimal" else item_type(shape, definitions),
        zone=str(shape.get("timezone", "")),
        bounds=(shape.get("minimum"), shape.get("maximum")),
        attributes=attributes_of(shape, kind),
        choices=choices_of(whole, optional=optional) if kind is InputKind.CHOICE else (),
        children=children,
        initial=_initial(shape) if kind is InputKind.GROUP else {},
    )


def _initial(shape: Node) -> Mapping[str, object]:
    """Key → default, for the fields of a nested model that have one."""
    properties = cast(Mapping[str, Node], shape.get("properties", {}))
    return {key: node["default"] for key, node in properties.items() if "default" in node}


def _hint(node: Node, shape: Node, kind: InputKind) -> str:
    """The author's help; the docstring of a nested model or an enum speaks to programmers."""
    found = node.get("description")
    if found is None and kind not in (InputKind.GROUP, InputKind.CHOICE, InputKind.JSON):
        found = shape.get("description")
    return str(found or "")


def _label(key: str, node: Node) -> str:
    """The title that the author gave, else the key in words (pydantic's own title shouts Every Word)."""
    words = key.replace("_", " ").strip()
    title = str(node.get("title", ""))
    return title if title and title != words.title() else words[:1].upper() + words[1:]


def spoken(
    inputs: tuple[Input, ...], say: Callable[[str], str], *, on: str, off: str, present: str
) -> tuple[Input, ...]:
    """The inputs with their texts in the reader's language.

    Args:
        say: Looks up a text of the schema.
        on: What ``True`` is called among choices.
        off: What ``False`` is called.
        present: What the switch of an optional model is called.
    """
    words = {True: on, False: off}
    return tuple(
        replace(
            each,
            label=present if each.key == SET else say(each.label),
            hint=say(each.hint),
            group=say(each.group),
            unit=say(each.unit),
            choices=tuple(
                replace(choice, label=words[choice.value] if isinstance(choice.value, bool) else say(choice.label))
                for choice in each.choices
            ),
            children=spoken(each.children, say, on=on, off=off, present=present),
        )
        for each in inputs
    )
