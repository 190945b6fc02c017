"""Finds modules, imports them in phases and keeps every fault inside the module that has it.

Phases: definitions of all modules, then the rules between them, then for each module in dependency order its tables,
its subscribers and tasks, and last its routes. Routes come after all tables, so no module needs lazy imports.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Literal

from flask import Blueprint

from console.domain.definition import ModuleDefinition
from console.domain.events import EventBus
from console.domain.menu import MenuItem
from console.domain.problem import Problem
from console.domain.registry import InstalledModule, Registry, build
from console.errors import CannotStart, DefinitionError
from console.paths import built_in_modules
from console.phrases import joined, say
from console.settings import Settings

ENTRY_POINTS = "console.modules"
Source = Literal["built-in", "path", "package"]
Routers = Mapping[str, Blueprint]
ROUTER_NAMES = ("admin_router", "vendor_router", "admin_pages", "vendor_pages")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A folder that says it is a module: its label (folder name), importable package, path and where it was found."""

    label: str
    package: str
    path: Path
    source: Source


@dataclass(slots=True)
class Loaded:
    """What a start found: the frozen registry and each live module's blueprints by router name."""

    registry: Registry
    routers: dict[str, Routers] = field(default_factory=dict)


def load(settings: Settings, bus: EventBus) -> Loaded:
    """Import every module that can be imported; the others are in the registry too, quarantined with the reason.

    Raises:
        CannotStart: In strict mode, naming every problem.
    """
    registry = build([_read_definition(candidate) for candidate in find(settings)], safe_mode=settings.safe_mode)
    for names in (("exceptions", "config", "models"), ("services", "events", "tasks", "api")):
        registry = _import_phase(registry, names, bus, settings)
    routers: dict[str, Routers] = {}
    registry = _each(registry, lambda module: _import_routes(module, routers), settings)
    for module in registry.modules():
        if module.definition is not None and module.live:
            module.definition.freeze()
    problems = [problem for problem in registry.problems if problem.fatal]
    if settings.strict and problems:
        raise CannotStart(
            "Strict mode: " + "; ".join(map(str, problems)), hint="Mend the modules or start without CONSOLE_STRICT."
        )
    return Loaded(registry, {code: found for code, found in routers.items() if registry[code].live})


def find(settings: Settings) -> list[Candidate]:
    """Every candidate: built-in modules, then the folders of ``CONSOLE_MODULES_PATH``, then installed packages.

    An entry point names the package (``shop_loyalty``); its definition, ``shop_loyalty.definition:loyalty``, will do.
    """
    built_in = built_in_modules()
    found = list(_folders(built_in, "built-in")) if built_in else []
    for folder in settings.modules_path:
        if not folder.is_dir():
            raise CannotStart(f"CONSOLE_MODULES_PATH names {folder}, which is not a folder.")
        found.extend(_folders(folder, "path"))
    for entry in sorted(importlib.metadata.entry_points(group=ENTRY_POINTS), key=lambda each: each.name):
        package = entry.value.partition(":")[0].strip().removesuffix(".definition")
        spec = _spec(package)
        roots = list(spec.submodule_search_locations or []) if spec else []
        path = Path(roots[0]) if roots else Path(package)
        found.append(Candidate(entry.name.replace("-", "_"), package, path, "package"))
    return found


def _spec(package: str) -> importlib.machinery.ModuleSpec | None:
    try:
        return importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return None


def _folders(root: Path, source: Source) -> Iterator[Candidate]:
    package = importlib.import_module("modules")
    if str(root) not in package.__path__:
        package.__path__.append(str(root))
    for folder in sorted(root.iterdir()):
        if (folder / "definition.py").is_file():
            yield Candidate(folder.name, f"modules.{folder.name}", folder, source)


def _read_definition(candidate: Candidate) -> InstalledModule:
    empty = InstalledModule(
        code=candidate.label.replace("_", "-"),
        definition=None,
        package=candidate.package,
        path=candidate.path,
        source=candidate.source,
    )
    try:
        python = importlib.import_module(f"{candidate.package}.definition")
        definition = _only_definition(python, candidate)
        menu = _menu_items(candidate.package)
    except DefinitionError as error:
        return _quarantined(replace(empty, code=_code_of(error, empty.code)), "MOD002", joined("; ", error.problems))
    except (Exception, SystemExit) as error:
        return _quarantined(empty, "MOD001", f"definition.py cannot be imported: {_reason(error)}", error)
    return replace(empty, code=definition.code, definition=definition, menu=menu)


def _code_of(error: DefinitionError, fallback: str) -> str:
    return error.module if error.module.replace("-", "_") == fallback.replace("-", "_") else fallback


def _only_definition(python: ModuleType, candidate: Candidate) -> ModuleDefinition:
    origin = getattr(python, "__file__", None)
    if origin and Path(origin).resolve().parent != candidate.path.resolve():
        raise DefinitionError(candidate.label, [f"the folder name is taken by the module in {Path(origin).parent}"])
    found = {id(value): value for value in vars(python).values() if isinstance(value, ModuleDefinition)}
    if len(found) != 1:
        raise DefinitionError(candidate.label, [f"definition.py holds {len(found)} definitions; write exactly one"])
    definition = next(iter(found.values()))
    if definition.label != candidate.label:
        raise DefinitionError(
            candidate.label,
            [f"the folder is {candidate.label!r}, but the code {definition.code!r} wants {definition.label!r}"],
        )
    return definition


def _menu_items(package: str) -> tuple[MenuItem, ...]:
    python = _import_optional(f"{package}.menu")
    if python is None:
        return ()
    items = getattr(python, "menu", None)
    if not isinstance(items, list | tuple) or not all(isinstance(item, MenuItem) for item in items):
        raise DefinitionError(package, ["menu.py holds no list `menu` of MenuItems"])
    return tuple(items)


def _import_optional(name: str) -> ModuleType | None:
    """The module ``name``, or None when its file does not exist (an import that fails inside it still raises)."""
    return importlib.import_module(name) if _exists(name) else None


def _exists(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError as error:
        if error.name is not None and (name == error.name or name.startswith(f"{error.name}.")):
            return False
        raise


def _import_phase(registry: Registry, names: Iterable[str], bus: EventBus, settings: Settings) -> Registry:
    def bring(module: InstalledModule) -> None:
        bus.assign_owner(module.package, module.code)
        for name in names:
            dotted = getattr(module.definition, f"{name}_path", None)
            if dotted is not None and not _exists(dotted):
                raise DefinitionError(module.code, [f"{name}_path is {dotted!r}, which does not exist"])
            _import_tree(dotted or f"{module.package}.{name}")

    return _each(registry, bring, settings)


def _import_tree(name: str) -> None:
    """Import a module or package and, of a package, every file in it, sorted."""
    python = _import_optional(name)
    for root in getattr(python, "__path__", ()):
        for path in sorted(Path(root).glob("*.py")):
            if path.stem != "__init__":
                importlib.import_module(f"{name}.{path.stem}")


def _import_routes(module: InstalledModule, routers: dict[str, Routers]) -> None:
    found: dict[str, Blueprint] = {}
    definition = module.definition
    assert definition is not None  # _each passes live modules only
    files = [_import_optional(f"{module.package}.routes{suffix}") for suffix in ("", ".admin", ".vendor")]
    for name in ROUTER_NAMES:
        declared = getattr(definition, name, None)
        candidates = [declared, *(getattr(python, name, None) for python in files if python is not None)]
        router = next((each for each in candidates if each is not None), None)
        if router is None:
            continue
        if not isinstance(router, Blueprint) and callable(router):
            router = router()
        if not isinstance(router, Blueprint):
            raise DefinitionError(module.code, [f"{name} is a {type(router).__name__}, not a blueprint"])
        found[name] = router
        if declared is None and name in ("admin_router", "vendor_router"):
            setattr(definition, name, router)
    if definition.is_internal and any(name.startswith("vendor") for name in found):
        raise DefinitionError(module.code, ["an internal module has no vendor routes"])
    routers[module.code] = MappingProxyType(found)


def _each(registry: Registry, action: Callable[[InstalledModule], None], settings: Settings) -> Registry:
    """Run ``action`` on every live module in order; where it fails, the module and its dependents are quarantined."""
    result = {module.code: module for module in registry.modules()}
    failed = False
    for module in registry.modules():
        if not module.live:
            continue
        try:
            action(module)
        except DefinitionError as error:
            failed = True
            result[module.code] = _quarantined(module, "MOD002", joined("; ", error.problems))
        except (Exception, SystemExit) as error:
            failed = True
            result[module.code] = _quarantined(
                module, "MOD003", say("cannot be imported: %(reason)s", reason=_reason(error)), error
            )
    return build(result.values(), safe_mode=settings.safe_mode) if failed else registry


def quarantine(registry: Registry, found: Mapping[str, Problem]) -> Registry:
    """The registry with these modules, and whatever requires them, taken off the air."""
    changed = [
        replace(module, quarantine=found[module.code].text, problems=(*module.problems, found[module.code]))
        if module.code in found
        else module
        for module in registry.modules()
    ]
    return build(changed)


def _quarantined(
    module: InstalledModule, problem_id: str, reason: str, error: BaseException | None = None
) -> InstalledModule:
    problem = Problem(problem_id, module.code, reason, where=_where(module.path, error), fatal=True)
    return replace(module, quarantine=reason, problems=(*module.problems, problem))


def _reason(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _where(folder: Path, error: BaseException | None) -> str:
    """The last line of the module's own code on the way to the error."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}"
    frames = traceback.extract_tb(error.__traceback__) if error is not None else []
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(folder)]
    return f"{own[-1].filename}:{own[-1].lineno}" if own else ""
