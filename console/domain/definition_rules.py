"""What a definition must fulfil on its own; each rule says what to write instead.

Source: the guide, "Module Definition Fields", with the naming rules that routes, tables and branches put on a code.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from packaging.version import InvalidVersion, Version
from pydantic import BaseModel

from console.domain.requirement import CODE, parse
from console.domain.words import FrontendType

if TYPE_CHECKING:
    from console.domain.definition import ModuleDefinition

RESERVED_CODES = (
    *("modules", "operations", "vendors", "users", "tiers", "menu", "audit", "health", "config", "search"),
    *("settings", "catalog", "requests", "openapi", "static", "api", "console"),
)
LONGEST_CODE = 40
SEMVER = re.compile(
    r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"
    r"(-(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?"
    r"(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?"
)
FEATURE = re.compile(r"[a-z][a-z0-9_]*")
MENU_ID = re.compile(r"[a-z][a-z0-9-]*")
DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")

LISTS = ("requires", "features", "permissions", "limits", "tags", "after", "conflicts", "tasks", "endpoints")
DICTS = ("menu_items", "default_config")
FLAGS = ("is_core", "is_internal", "is_self_contained", "default_enabled")
HOOKS = {"on_enable": "platform_id", "on_disable": "platform_id", "on_startup": "", "health_check": ""}
DOTTED_PATHS = ("services_path", "models_path", "schemas_path", "exceptions_path")
FOLDER_PATHS = ("templates_path", "locales_path", "migrations_path")


def faults(definition: ModuleDefinition) -> list[str]:
    """Every mistake in ``definition``, one sentence each; an empty list when there is none."""
    wrong_types = list(_types(definition))
    if wrong_types:
        return wrong_types  # the rules below may trust the types
    return [fault for rule in RULES for fault in rule(definition)]


def _types(definition: ModuleDefinition) -> Iterator[str]:
    for name in ("code", "name", "description", "version", "icon"):
        if not isinstance(getattr(definition, name), str):
            yield f"{name} is {_shown(getattr(definition, name))}; write a string"
    for name in LISTS:
        value = getattr(definition, name)
        if not isinstance(value, list):
            yield f"{name} is {_shown(value)}; write a list, such as {name}=[]"
        elif name != "tasks":
            yield from (f"{name} holds {_shown(each)}; write strings" for each in value if not isinstance(each, str))
    for name in DICTS:
        if not isinstance(getattr(definition, name), dict):
            yield f"{name} is {_shown(getattr(definition, name))}; write a dict, such as {name}={{}}"
    for name in FLAGS:
        if not isinstance(getattr(definition, name), bool):
            yield f"{name} is {_shown(getattr(definition, name))}; write True or False"
    for name in (*DOTTED_PATHS, *FOLDER_PATHS, "docs_url"):
        if not isinstance(getattr(definition, name), str | None):
            yield f"{name} is {_shown(getattr(definition, name))}; write a string or leave it out"


def _shown(value: object) -> str:
    return f"{value!r} ({type(value).__name__})"


def _code(definition: ModuleDefinition) -> Iterator[str]:
    code = definition.code
    if not CODE.fullmatch(code):
        yield f'code is {code!r}; begin with a lower-case letter, then letters, digits, "-" or "_"'
    elif len(code) > LONGEST_CODE:
        yield f"code {code!r} has {len(code)} characters; {LONGEST_CODE} are the most"
    elif code in RESERVED_CODES:
        yield f"code {code!r} is an address of the console itself; choose another one"


def _name(definition: ModuleDefinition) -> Iterator[str]:
    if not definition.name.strip():
        yield 'name is empty; write what people call the module, such as "Billing & Subscriptions"'
    for name in ("name", "icon"):
        if not getattr(definition, name).isprintable():
            yield f"{name} is {getattr(definition, name)!r}; write one line of plain text"
    for text in (definition.description, definition.docs_url or "", *definition.tags):
        if not all(char.isprintable() or char in "\n\t\r" for char in text):
            yield f"{text!r} holds characters that cannot be shown; write plain text"


def _version(definition: ModuleDefinition) -> Iterator[str]:
    version = definition.version
    if not SEMVER.fullmatch(version):
        yield f'version {version!r} is no semantic version; write three numbers, such as "1.0.0"'
        return
    try:
        Version(version)
    except InvalidVersion:
        yield f'version {version!r} is not valid in Python (PEP 440); write "1.0.0" or "1.0.0-rc.1"'


def _requires(definition: ModuleDefinition) -> Iterator[str]:
    seen: set[str] = set()
    for text in definition.requires:
        try:
            code = parse(text).code
        except ValueError as error:
            yield f"requires: {error}"
            continue
        if code == definition.code:
            yield f"requires names the module itself ({text!r}); leave it out"
        if code in seen:
            yield f'requires names {code!r} twice; write one entry, such as "{code}>=1.2,<2"'
        if code in definition.conflicts:
            yield f"{code!r} stands in requires and in conflicts; it can only be one of them"
        seen.add(code)


def _neighbours(definition: ModuleDefinition) -> Iterator[str]:
    for name in ("after", "conflicts"):
        for code in getattr(definition, name):
            if not CODE.fullmatch(code):
                yield f'{name} holds {code!r}, which is no module code; write codes only, such as {name}=["orders"]'
            elif code == definition.code:
                yield f"{name} names the module itself ({code!r}); leave it out"


def _features(definition: ModuleDefinition) -> Iterator[str]:
    yield from _twice("features", definition.features)
    for feature in definition.features:
        if not FEATURE.fullmatch(feature):
            yield f'features holds {feature!r}; write lower-case letters, digits and "_", such as "sales_reports"'


def _permissions(definition: ModuleDefinition) -> Iterator[str]:
    yield from _twice("permissions", definition.permissions)
    prefix = f"{definition.label}."
    for permission in definition.permissions:
        if not permission.startswith(prefix) or not FEATURE.fullmatch(permission.removeprefix(prefix)):
            yield f'permissions holds {permission!r}; write the module and a verb, such as "{prefix}view"'


def _limits(definition: ModuleDefinition) -> Iterator[str]:
    yield from _twice("limits", definition.limits)
    prefix = f"{definition.label}."
    for limit in definition.limits:
        if not limit.startswith(prefix) or not FEATURE.fullmatch(limit.removeprefix(prefix)):
            yield f'limits holds {limit!r}; write the module and what is counted, such as "{prefix}pages"'


def _menu_items(definition: ModuleDefinition) -> Iterator[str]:
    declared: dict[object, object] = dict(definition.menu_items.items())
    for frontend, ids in declared.items():
        if not isinstance(frontend, FrontendType):
            yield f"menu_items has the key {frontend!r}; write FrontendType.ADMIN or FrontendType.VENDOR"
        elif not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
            yield f"menu_items for {frontend.value} is {ids!r}; write a list of ids"
        else:
            yield from _twice(f"menu_items for {frontend.value}", ids)
            for each in ids:
                if not MENU_ID.fullmatch(each):
                    yield f'menu item {each!r} is no id; write lower-case words joined with "-": "sales-reports"'
            if ids and definition.is_internal and frontend is FrontendType.VENDOR:
                yield "an internal module has no vendor menu; remove FrontendType.VENDOR or is_internal"


def _routers(definition: ModuleDefinition) -> Iterator[str]:
    if definition.is_internal and definition.vendor_router is not None:
        yield "an internal module has no vendor routes; remove vendor_router or is_internal"


def _config(definition: ModuleDefinition) -> Iterator[str]:
    schema: object = definition.config_schema
    if schema is not None and not (isinstance(schema, type) and issubclass(schema, BaseModel)):
        yield f"config_schema is {_shown(schema)}; write the class of a pydantic BaseModel"
    keys: list[object] = list(definition.default_config)
    for key in keys:
        if not isinstance(key, str):
            yield f"default_config has the key {_shown(key)}; keys are strings"
    version: object = definition.config_version
    if type(version) is not int or version < 1:
        yield f"config_version is {_shown(version)}; write a whole number from 1 up"


def _hooks(definition: ModuleDefinition) -> Iterator[str]:
    for name, argument in HOOKS.items():
        hook = getattr(definition, name)
        wanted = f"{name}({argument})"
        if hook is None:
            continue
        if not callable(hook):
            yield f"{name} is {_shown(hook)}; write a function that can be called as {wanted}"
        elif inspect.iscoroutinefunction(hook):
            yield f"{name} is async; write a plain function, it runs in a process of its own"
        elif not _takes(hook, 1 if argument else 0):
            yield f"{name} cannot be called as {wanted}; give it {'one argument' if argument else 'no arguments'}"


def _takes(function: Callable[..., object], count: int) -> bool:
    try:
        inspect.signature(function).bind(*range(count))
    except TypeError:
        return False
    except ValueError:
        return True  # some built-ins do not tell their signature
    return True


def _paths(definition: ModuleDefinition) -> Iterator[str]:
    for name in DOTTED_PATHS:
        path = getattr(definition, name)
        if path is not None and not DOTTED.fullmatch(path):
            yield f'{name} is {path!r}; write a dotted name, such as "modules.{definition.label}.{name[:-5]}"'
    for name in FOLDER_PATHS:
        path = getattr(definition, name)
        if path is not None and (not path or PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts):
            yield f'{name} is {path!r}; write a folder inside the module, such as "{name[:-5]}"'


def _running(definition: ModuleDefinition) -> Iterator[str]:
    timeout: object = definition.hook_timeout_s
    if timeout is not None and (isinstance(timeout, bool) or not isinstance(timeout, int | float) or timeout <= 0):
        yield f"hook_timeout_s is {_shown(timeout)}; write seconds above zero, or leave it out"
    if definition.health_scope not in ("instance", "platform"):
        yield f'health_scope is {definition.health_scope!r}; write "instance" or "platform"'


def _twice(where: str, values: list[str]) -> Iterator[str]:
    for value in dict.fromkeys(value for value in values if values.count(value) > 1):
        yield f"{where} holds {value!r} twice; write it once"


RULES = (
    *(_code, _name, _version, _requires, _neighbours, _features, _permissions, _limits),
    *(_menu_items, _routers, _config, _hooks, _paths, _running),
)
