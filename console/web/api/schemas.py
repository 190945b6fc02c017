"""JSON schemas of what addresses take and answer, from their pydantic models."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from console.described import Shape

Json = dict[str, object]
COMPONENTS = "#/components/schemas/"
_MODE: JsonSchemaMode = "validation"


def component_of(shape: Shape) -> Json:
    """A reference to the schema of ``shape``."""
    return {"$ref": f"{COMPONENTS}{name_of(shape)}"}


def name_of(shape: Shape) -> str:
    """What the schema is called; two modules may have schemas of one name, so theirs begin with where they are from."""
    package = shape.__module__.split(".")
    return shape.__name__ if package[0] == "console" else f"{package[-3]}_{shape.__name__}"


def schemas_of(shapes: Iterable[Shape]) -> Json:
    """Name → schema, of all shapes and of what they are made of."""
    found: Json = {}
    for shape in dict.fromkeys(shapes):
        schema = TypeAdapter(shape).json_schema(ref_template=f"{COMPONENTS}{{model}}", mode=_MODE)
        found |= cast("Json", schema.pop("$defs", {}))
        found[name_of(shape)] = schema
    return found


def parameters_of(query: Shape | None) -> Iterator[Json]:
    """The parameters of a query, one for each field; what may be left out has no null in an address."""
    if query is None:
        return
    schema = query.model_json_schema(mode=_MODE)
    required = set(schema.get("required", ()))
    for name, found in schema["properties"].items():
        described = dict(found)
        text = described.pop("description", "")
        kinds = described.pop("anyOf", [described])
        kind = next(each for each in kinds if each.get("type") != "null")
        plain = {key: value for key, value in kind.items() if key != "title" and value is not None}
        parameter: Json = {"name": name, "in": "query", "required": name in required, "schema": plain}
        yield {**parameter, "description": text} if text else parameter
