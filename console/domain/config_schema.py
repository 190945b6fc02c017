"""What a module's ``config_schema`` says about keys, or its ``default_config`` when there is no schema."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import cast, get_args

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic.errors import PydanticInvalidForJsonSchema
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from console.domain.definition import ModuleDefinition
from console.domain.plain import plain
from console.domain.reasons import WHOLE, Fault, Reason, reasons
from console.phrases import mark, say

FAILED = mark("the schema itself failed (%(error)s)")
WORDS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


@dataclass(frozen=True, slots=True)
class Outcome:
    """Values by key as far as they could be read, and key → reason for the others."""

    values: dict[str, object]
    problems: dict[str, str] = field(default_factory=dict)


class _Lenient(GenerateJsonSchema):
    """A type or default that JSON cannot describe is no reason to refuse a schema here.

    JSON Schema has no word for whether a moment must name its time zone; ``timezone`` says it here.
    """

    ignored_warning_kinds = {"skipped-choice", "non-serializable-default", "skipped-discriminator"}  # noqa: RUF012  # pydantic's own attribute

    def handle_invalid_for_json_schema(self, schema: core_schema.CoreSchema, error_info: str) -> JsonSchemaValue:
        return {}

    def datetime_schema(self, schema: core_schema.DatetimeSchema) -> JsonSchemaValue:
        zone = schema.get("tz_constraint")
        return {**super().datetime_schema(schema), **({"timezone": zone} if isinstance(zone, str) else {})}


class ConfigSchema:
    """The keys of one module, what they accept and which of them are secrets.

    Args:
        model: The pydantic model, None when only ``free`` says what there is.
        free: The keys and values of ``default_config`` of a module without a schema.
    """

    __slots__ = ("_free", "_json", "_model", "keys", "secrets")

    def __init__(self, model: type[BaseModel] | None, free: Mapping[str, object]) -> None:
        self._model = model
        self._free = free
        self._json: dict[str, object] | None = None
        if model is None:
            self.keys: tuple[str, ...] = tuple(free)
            self.secrets: frozenset[str] = frozenset()
        else:
            self.keys = tuple(model.model_fields)
            self.secrets = frozenset(name for name, each in model.model_fields.items() if _is_secret(each.annotation))

    def read(
        self, *layers: Mapping[str, object], without: Collection[str] = (), missing_is_fine: bool = False
    ) -> Outcome:
        """The value of every key, and what is wrong; for a value that is refused the next layer's stands in.

        Args:
            layers: Key → raw value, the strongest first; below them lie the schema's defaults.
            without: Keys that are known to have a value that is not judged here.
            missing_is_fine: Whether a key without any value is no problem.
        """
        model = self._model
        given = {key: value for layer in reversed(layers) for key, value in layer.items()}
        if model is None:
            return Outcome({key: given.get(key, self._free.get(key)) for key in self.keys})
        by_name = {key: value for key, value in given.items() if key in model.model_fields}
        try:
            whole = model.model_validate(by_name, by_name=True, by_alias=False)
        except ValidationError as error:
            problems = self._problems(error, without, missing_is_fine=missing_is_fine)
        except Exception as error:  # a validator of the module: its fault stays its own
            problems = {WHOLE: Reason(Fault(FAILED, {"error": type(error).__name__}))}
        else:
            return Outcome({key: getattr(whole, key) for key in self.keys})
        return Outcome(self._one_by_one(model, layers), problems)

    def _problems(self, error: ValidationError, without: Collection[str], *, missing_is_fine: bool) -> dict[str, str]:
        assert self._model is not None
        names = {each.alias: name for name, each in self._model.model_fields.items() if each.alias}
        absent = {str(each["loc"][0]) for each in error.errors(include_input=False) if each["type"] == "missing"}
        found = {names.get(key, key): why for key, why in reasons(error, secrets=self.secrets).items()}
        for key in list(found):
            if key in without or (missing_is_fine and key in absent):
                del found[key]
        return found

    def _one_by_one(self, model: type[BaseModel], layers: Sequence[Mapping[str, object]]) -> dict[str, object]:
        values: dict[str, object] = {}
        for key, info in model.model_fields.items():
            values[key] = None if info.is_required() else info.get_default(call_default_factory=True, validated_data={})
            for layer in layers:
                if key in layer and (found := _alone(model, key, layer[key])) is not None:
                    values[key] = found[0]
                    break
        return values

    def faults(self) -> list[str]:
        """What a schema may not have: a secret anywhere but in a key of its own would be stored unsealed."""
        hidden = sorted(_hidden_secrets(self.json_schema()))
        own = [key for key in self.keys if key not in self.secrets and self._property(key).get("writeOnly")]
        fault = mark("config_schema has a secret inside %(name)s; make it a key of its own")
        return [say(fault, name=repr(name)) for name in (*hidden, *own)]

    def json_schema(self) -> dict[str, object]:
        """The JSON Schema of the keys, made once; empty properties when nothing is known about them."""
        if self._json is None:
            self._json = self._made_json_schema()
        return self._json

    def _made_json_schema(self) -> dict[str, object]:
        if self._model is None:
            return {"type": "object", "properties": {key: _free_node(value) for key, value in self._free.items()}}
        try:
            return self._model.model_json_schema(by_alias=False, schema_generator=_Lenient)
        except PydanticInvalidForJsonSchema:
            return {"type": "object", "properties": {key: {} for key in self.keys}}

    def try_parse(self, key: str, value: object) -> object:
        """Like ``parse``, but what is no JSON stays text and the schema says what it thinks of it."""
        try:
            return self.parse(key, str(value))
        except ValueError:
            return value

    def parse(self, key: str, text: str) -> object:
        """The value that ``text`` means for the key.

        Raises:
            ValueError: A list or table was to be written as JSON.
        """
        kinds = set(_kinds(self._property(key)))
        if "string" in kinds:
            return text
        if "null" in kinds and text in ("", "null"):
            return None
        if "boolean" in kinds and text.strip().lower() in WORDS:
            return WORDS[text.strip().lower()]
        if kinds & {"array", "object"}:
            return json.loads(text)
        if kinds & {"integer", "number"}:
            return _number(text)
        return text

    def _property(self, key: str) -> Mapping[str, object]:
        if self._model is None:
            return {"type": _kind_of(self._free[key])}
        schema = self.json_schema()
        found = cast("dict[str, Mapping[str, object]]", schema.get("properties", {})).get(key, {})
        return _followed(found, cast("dict[str, Mapping[str, object]]", schema.get("$defs", {})))


def _free_node(value: object) -> dict[str, object]:
    """What a default says about its key: its type, when JSON has one."""
    known = isinstance(value, bool | int | float | str | list | tuple | dict)
    return {**({"type": _kind_of(value)} if known else {}), "default": plain(value)}


def _alone(model: type[BaseModel], key: str, value: object) -> tuple[object] | None:
    """The value as the schema reads it without looking at other keys, None when it refuses."""
    try:
        made = model.__pydantic_validator__.validate_assignment(model.model_construct(), key, value)
    except Exception:  # refused, or a validator that fails: ``problems`` has the reason, the layer below counts
        return None
    return (getattr(made, key),)


@lru_cache(maxsize=512)
def of_model(model: type[BaseModel]) -> ConfigSchema:
    """The keys of a pydantic model; made once."""
    return ConfigSchema(model, {})


def schema_of(definition: ModuleDefinition) -> ConfigSchema:
    """The keys of a module; made once for each schema."""
    if definition.config_schema is None:
        return ConfigSchema(None, definition.default_config)
    return of_model(definition.config_schema)


def _is_secret(annotation: object) -> bool:
    parts = get_args(annotation)
    return annotation is SecretStr or (SecretStr in parts and all(part in (SecretStr, type(None)) for part in parts))


def _hidden_secrets(schema: Mapping[str, object]) -> Iterator[str]:
    for name, definition in cast("dict[str, dict[str, object]]", schema.get("$defs", {})).items():
        properties = cast("dict[str, object]", definition.get("properties", {}))
        yield from (f"{name}.{key}" for key, value in properties.items() if '"writeOnly": true' in json.dumps(value))
    for key, value in cast("dict[str, dict[str, object]]", schema.get("properties", {})).items():
        inner = {name: part for name, part in value.items() if name in ("items", "additionalProperties", "prefixItems")}
        if '"writeOnly": true' in json.dumps(inner):
            yield key


def _followed(schema: Mapping[str, object], definitions: Mapping[str, Mapping[str, object]]) -> Mapping[str, object]:
    reference = schema.get("$ref")
    if isinstance(reference, str):
        return definitions.get(reference.rpartition("/")[2], {})
    options = schema.get("anyOf")
    if isinstance(options, list):
        return {**schema, "anyOf": [_followed(option, definitions) for option in options]}
    return schema


def _kinds(schema: Mapping[str, object]) -> Iterator[str]:
    kind = schema.get("type")
    if isinstance(kind, str):
        yield kind
    for option in cast("list[Mapping[str, object]]", schema.get("anyOf", [])):
        yield from _kinds(option)
    for value in cast("list[object]", schema.get("enum", [])):
        yield _kind_of(value)


def _kind_of(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    kinds = {int: "integer", float: "number", list: "array", tuple: "array", dict: "object", type(None): "any"}
    return kinds.get(type(value), "string")


def _number(text: str) -> object:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
