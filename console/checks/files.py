"""Files: what the definition promises exists, and texts exist in every language that the module has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from console.domain.definition import ModuleDefinition
from console.domain.problem import Problem
from console.domain.registry import InstalledModule, Registry

_RELATIVE = ("templates_path", "locales_path", "migrations_path")
SELF_CONTAINED = ("services", "models", "schemas", "exceptions", "config")


def check(registry: Registry, module: InstalledModule) -> Iterator[Problem]:
    """MOD060: a path that does not exist. MOD061: a self-contained module lacks a part. MOD062: missing texts."""
    definition = module.definition
    if definition is None:
        return
    for name in _RELATIVE:
        value = getattr(definition, name)
        if value is not None and not (module.path / value).is_dir():
            yield Problem("MOD060", module.code, f"{name} is {value!r}, which does not exist", where=str(module.path))
    if definition.is_self_contained:
        yield from _self_contained(module, definition)
    yield from _locales(module, module.path / (definition.locales_path or "locales"))


def _self_contained(module: InstalledModule, definition: ModuleDefinition) -> Iterator[Problem]:
    for name in SELF_CONTAINED:
        in_place = (module.path / name).is_dir() or (module.path / f"{name}.py").is_file()
        if not in_place and getattr(definition, f"{name}_path", None) is None:
            hint = f"Create {name}.py or the folder {name}/."
            yield Problem("MOD061", module.code, f"is_self_contained, but has no {name}", hint, str(module.path))


def _locales(module: InstalledModule, folder: Path) -> Iterator[Problem]:
    texts: dict[str, set[str]] = {}
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        try:
            texts[path.stem] = set(_flat(json.loads(path.read_text(encoding="utf-8"))))
        except (ValueError, AttributeError) as error:
            yield Problem("MOD063", module.code, f"{path.name} is not an object of texts: {error}", where=str(path))
    if texts and "en" not in texts:
        yield Problem("MOD062", module.code, "has locales but no en.json, which every other falls back to")
    for language, keys in texts.items():
        missing = sorted(texts.get("en", set()) - keys)
        if missing:
            yield Problem("MOD062", module.code, f"{language}.json lacks {', '.join(missing[:5])}", where=str(folder))


def _flat(node: dict[str, object], prefix: str = "") -> Iterator[str]:
    for key, value in node.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}"
