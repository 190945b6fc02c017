"""Menu items: what a module declares, and the links that come of it."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from console.domain.definition import ModuleDefinition
from console.domain.problem import Problem
from console.domain.words import FrontendType
from console.phrases import say

if TYPE_CHECKING:
    from console.domain.registry import InstalledModule

ORDER = 100
ID_LIMIT = 64


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One link of a module's ``menu.py``; what is left out follows from the id.

    Args:
        id: Unique in its frontend; lower-case words joined with ``-``, 64 characters at most.
        frontend: Whose menu.
        label: What people read, plain or lazily translated; made from the id when left out.
        endpoint: View of the module's own pages (``index``), or a full endpoint name (``pages.module_list``).
        icon: Name in the icon sprite; the module's own when left out.
        permission: Whoever lacks it does not see the item.
        feature: Where it is off the item is hidden.
        order: Lower stands higher.
    """

    id: str
    frontend: FrontendType
    label: object = None
    endpoint: str | None = None
    icon: str | None = None
    permission: str | None = None
    feature: str | None = None
    order: int = ORDER


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A menu item that leads somewhere: nothing about it is left open."""

    module: str
    id: str
    frontend: FrontendType
    label: object
    endpoint: str
    icon: str
    permission: str | None
    feature: str | None
    order: int


def resolve(
    module: InstalledModule, endpoints: Container[str], *, console_items: Iterable[MenuItem] = ()
) -> tuple[tuple[MenuEntry, ...], tuple[Problem, ...]]:
    """The module's entries, best first, and a problem for each item that leads nowhere.

    Args:
        module: An installed module; one without a definition has no menu.
        endpoints: Every endpoint that is mounted.
        console_items: The console's menu registry: says more about ids that a wrapper module only names.
    """
    definition = module.definition
    if definition is None:
        return (), ()
    entries: list[MenuEntry] = []
    problems: list[Problem] = []
    for item in _declared(module, definition, console_items):
        endpoint = _endpoint(definition, item)
        if definition.is_internal and item.frontend is FrontendType.VENDOR:
            problems.append(
                _problem(definition, item, say("an internal module has no vendor menu"), say("Remove the item."))
            )
        elif len(item.id) > ID_LIMIT:
            text = say("its id is longer than %(limit)s characters", limit=ID_LIMIT)
            problems.append(_problem(definition, item, text, say("Shorten it.")))
        elif endpoint not in endpoints:
            hint = say("Add a view of that name, or say in menu.py which endpoint %(item)s means.", item=repr(item.id))
            problems.append(
                _problem(definition, item, say("there is no endpoint %(endpoint)s", endpoint=repr(endpoint)), hint)
            )
        else:
            entries.append(_entry(definition, item, endpoint))
    return tuple(sorted(entries, key=lambda entry: entry.order)), tuple(problems)


def ids_of(module: InstalledModule) -> frozenset[tuple[FrontendType, str]]:
    """Every (frontend, id) that the module's definition and ``menu.py`` claim."""
    if module.definition is None:
        return frozenset()
    return frozenset((item.frontend, item.id) for item in _declared(module, module.definition, ()))


def _declared(
    module: InstalledModule, definition: ModuleDefinition, console_items: Iterable[MenuItem]
) -> Iterable[MenuItem]:
    known = {(item.frontend, item.id): item for item in (*console_items, *module.menu)}
    named = [(frontend, each) for frontend, ids in definition.menu_items.items() for each in ids]
    own = [(item.frontend, item.id) for item in module.menu]
    for key in dict.fromkeys((*named, *own)):
        yield known.get(key) or MenuItem(key[1], key[0])


def _endpoint(definition: ModuleDefinition, item: MenuItem) -> str:
    if item.endpoint is not None and "." in item.endpoint:
        return item.endpoint
    view = item.endpoint or item.id.replace("-", "_")
    return f"{item.frontend.value}.{definition.code}.{view}"


def _entry(definition: ModuleDefinition, item: MenuItem, endpoint: str) -> MenuEntry:
    return MenuEntry(
        module=definition.code,
        id=item.id,
        frontend=item.frontend,
        label=item.label if item.label is not None else item.id.replace("-", " ").capitalize(),
        endpoint=endpoint,
        icon=item.icon or definition.icon,
        permission=item.permission,
        feature=item.feature,
        order=item.order,
    )


def _problem(definition: ModuleDefinition, item: MenuItem, text: str, hint: str) -> Problem:
    shown = say(
        "menu item %(item)s (%(frontend)s) is not shown: %(reason)s",
        item=repr(item.id),
        frontend=item.frontend.value,
        reason=text,
    )
    return Problem("MOD030", definition.code, shown, hint)
