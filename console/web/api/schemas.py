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
    return {"$ref": f"{COMPONENTS}{_prefix(shape)}{shape.__name__}"}


def _prefix(shape: Shape) -> str:
    """What the names of a module's schemas begin with: two modules may have schemas of one name."""
    package = shape.__module__.split(".")
    if package[0] == "console":
        return ""
    return f"{package[1] if package[0] == 'modules' else package[0]}_"


def schemas_of(shapes: Iterable[Shape]) -> Json:
    """Name → schema, of all shapes and of what they are made of."""
    found: Json = {}
    for shape in dict.fromkeys(shapes):
        prefix = _prefix(shape)
        schema = TypeAdapter(shape).json_schema(ref_template=f"{COMPONENTS}{prefix}{{model}}", mode=_MODE)
        parts = cast("Json", schema.pop("$defs", {}))
        found |= {f"{prefix}{name}": each for name, each in parts.items()}
        found[f"{prefix}{shape.__name__}"] = schema
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
