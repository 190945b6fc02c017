"""The Pydantic model behind a module's form."""

from __future__ import annotations

from functools import lru_cache

from pydantic import BaseModel, create_model

from console.domain.definition import ModuleDefinition

PLAIN = (bool, int, float, str)


@lru_cache(maxsize=512)
def model_of(definition: ModuleDefinition) -> type[BaseModel] | None:
    """The module's schema; without one a model of its ``default_config``; None when there is nothing to configure."""
    if definition.config_schema is not None:
        return definition.config_schema
    if not definition.default_config:
        return None
    fields = {key: (_type_of(value), value) for key, value in definition.default_config.items()}
    return create_model(f"{definition.label.title().replace('_', '')}Config", **fields)  # type: ignore[call-overload,no-any-return]  # fields are made from data


def _type_of(value: object) -> object:
    """The type of a default: plain ones get their own input, everything else the JSON one."""
    return next((kind for kind in PLAIN if type(value) is kind), object)
