"""Names in the values that the operator set outside the console: of modules, platforms and keys that there are not."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from console.domain.config import LockedConfig
from console.domain.config_schema import schema_of
from console.domain.definition import ModuleDefinition
from console.domain.registry import Registry


@dataclass(frozen=True, slots=True)
class Misnamed:
    """A name that nothing has.

    Args:
        text: Where it stands and what is missing, one sentence.
        hint: What was probably meant, or what to do.
        is_refused: Whether the console does not start with it. A module or platform that is gone, or not there yet,
            only gets a warning: what is wrong with one must not stop the others.
    """

    text: str
    hint: str
    is_refused: bool = False

    def __str__(self) -> str:
        return f"{self.text} {self.hint}".strip()


def misnamed(locked: LockedConfig, registry: Registry) -> list[Misnamed]:
    """Every module and key that is set outside and does not exist."""
    found: list[Misnamed] = []
    tables: list[tuple[str, Mapping[str, object]]] = [("[modules.{}]", locked.file_modules)]
    tables += [(f"[platforms.{slug}.{{}}]", table) for slug, table in locked.file_platforms.items()]
    for shape, modules in tables:
        for name, values in modules.items():
            found += _of_module(registry, name, values, place=f"{shape.format(name)} in console.toml")
    for label, values in locked.env_modules.items():
        found += _of_variables(registry, label, values)
    return found


def misnamed_platforms(locked: LockedConfig, slugs: Collection[str]) -> list[Misnamed]:
    """Every platform that is named in the file and does not exist."""
    return [
        Misnamed(f"[platforms.{slug}] in console.toml: there is no such platform.", _meant(slug, slugs))
        for slug in locked.file_platforms
        if slug not in slugs
    ]


def _of_module(registry: Registry, name: str, values: object, *, place: str) -> Iterator[Misnamed]:
    definition = _definition(registry, name)
    if not isinstance(values, Mapping):
        yield Misnamed(f"{place} is no table.", "Write the module's keys under it.", is_refused=True)
    elif definition is None:
        yield from _not_installed(registry, name, place=place)
    else:
        keys = schema_of(definition).keys
        for key in values:
            if key not in keys:
                yield Misnamed(f"{place}: {definition.code} has no key {key!r}.", _meant(key, keys), is_refused=True)


def _of_variables(registry: Registry, label: str, values: Mapping[str, str]) -> Iterator[Misnamed]:
    prefix = f"CONSOLE_MODULE__{label.upper()}__"
    definition = _definition(registry, label)
    if definition is None:
        yield from _not_installed(registry, label, place=prefix + "…")
        return
    keys = {key.lower(): key for key in schema_of(definition).keys}
    for name in values:
        if name not in keys:
            hint = _meant(name, keys, shape=lambda key: prefix + key.upper())
            yield Misnamed(f"{prefix}{name.upper()}: {definition.code} has no such key.", hint, is_refused=True)


def _definition(registry: Registry, name: str) -> ModuleDefinition | None:
    """The definition of the installed module of that code or label, if it could be read."""
    return next((each.definition for each in registry.modules() if name in (each.code, _label(each.code))), None)


def _not_installed(registry: Registry, name: str, *, place: str) -> Iterator[Misnamed]:
    if not any(name in (code, _label(code)) for code in registry):
        yield Misnamed(f"{place}: no module {name!r} is installed.", _meant(name, list(registry)))


def _label(code: str) -> str:
    return code.replace("-", "_")


def _meant(name: str, known: Collection[str], *, shape: Callable[[str], str] = repr) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    if close:
        return f"Did you mean {shape(close[0])}?"
    return f"There are: {', '.join(map(shape, sorted(known)))}." if known else ""
