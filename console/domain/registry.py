"""The installed modules of a process: every one that was found, in dependency order, the broken ones with a reason."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from console.domain.definition import ModuleDefinition
from console.domain.graph import Graph
from console.domain.menu import MenuEntry, MenuItem, resolve
from console.domain.problem import Problem
from console.domain.registry_rules import Judge, kept_off, without_duplicates
from console.domain.requirement import Requirement, parse
from console.errors import Unknown
from console.phrases import say_as


@dataclass(frozen=True, slots=True)
class InstalledModule:
    """What discovery found in one place.

    Args:
        code: The definition's code, or one made from the folder when there is no definition.
        definition: None when it could not be read.
        package: Importable name.
        path: Its folder.
        source: Where it was found.
        quarantine: Why it is off the air, None when it is not.
        problems: Everything found about it, fatal or not.
        menu: The items of its ``menu.py``.
        entries: Its links, once the routes are mounted.
    """

    code: str
    definition: ModuleDefinition | None
    package: str
    path: Path
    source: Literal["built-in", "path", "package"]
    quarantine: str | None = None
    problems: tuple[Problem, ...] = ()
    menu: tuple[MenuItem, ...] = ()
    entries: tuple[MenuEntry, ...] = ()

    @property
    def live(self) -> bool:
        """Whether it can be switched on: it has a definition and is not quarantined."""
        return self.definition is not None and self.quarantine is None

    @property
    def is_core(self) -> bool:
        """Whether it is never off; a module without a definition is not."""
        return self.definition is not None and self.definition.is_core

    @property
    def name(self) -> str:
        """What people call it, in the language of its own texts; its code when the definition could not be read."""
        return self.code if self.definition is None else say_as(self.code, "module.name", self.definition.name)

    @property
    def description(self) -> str:
        """Its one line, in the language of its own texts; empty when the definition could not be read."""
        return "" if self.definition is None else say_as(self.code, "module.description", self.definition.description)

    @property
    def version(self) -> str:
        """Its version, empty when the definition could not be read."""
        return self.definition.version if self.definition is not None else ""

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """What it declares to require, parsed."""
        return tuple(parse(text) for text in self.definition.requires) if self.definition is not None else ()


class Registry:
    """All installed modules by code, frozen; iterates codes in dependency order. Made by ``build``."""

    __slots__ = ("_edges", "_modules", "_needed_by", "_needs", "graph", "problems")

    def __init__(self, modules: Iterable[InstalledModule], graph: Graph, edges: Mapping[str, frozenset[str]]) -> None:
        self._edges = edges
        by_code = {module.code: module for module in modules}
        self.graph = graph
        self._modules = {code: by_code[code] for code in graph.order}
        self._needs = {
            code: frozenset(need.code for need in module.requirements) for code, module in self._modules.items()
        }
        self._needed_by: dict[str, frozenset[str]] = dict.fromkeys(self._modules, frozenset())
        for code, needs in self._needs.items():
            for need in needs & self._modules.keys():
                self._needed_by[need] |= {code}
        self.problems: tuple[Problem, ...] = tuple(p for each in self._modules.values() for p in each.problems)

    def __getitem__(self, code: str) -> InstalledModule:
        try:
            return self._modules[code]
        except KeyError:
            raise Unknown("module", code, self._modules) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)

    def __contains__(self, code: object) -> bool:
        return code in self._modules

    @property
    def order(self) -> tuple[str, ...]:
        """All codes, requirements before what requires them."""
        return self.graph.order

    def modules(self) -> tuple[InstalledModule, ...]:
        """All installed modules in dependency order, quarantined ones too."""
        return tuple(self._modules.values())

    def live(self) -> tuple[ModuleDefinition, ...]:
        """The definitions of all modules that can be on, in dependency order."""
        return tuple(
            module.definition for module in self._modules.values() if module.definition is not None and module.live
        )

    def index(self, code: str) -> int:
        """The module's place in the order."""
        return self.graph.index[self[code].code]

    def requires(self, code: str) -> frozenset[str]:
        """What the module declares to need itself, installed or not."""
        return self._needs[self[code].code]

    def edges(self, code: str) -> frozenset[str]:
        """The installed modules that it rightly needs itself: what closures and order are made of."""
        return self._edges[code]

    def closure(self, code: str) -> frozenset[str]:
        """The module and everything installed that it needs, directly or not."""
        return frozenset(self.graph.codes(self.graph.needs[self.index(code)]))

    def dependents(self, code: str) -> frozenset[str]:
        """The installed modules that declare to need this one themselves."""
        return self._needed_by[self[code].code]

    def dependents_closure(self, code: str) -> frozenset[str]:
        """The module and everything that needs it, directly or not."""
        return frozenset(self.graph.codes(self.graph.needed_by[self.index(code)]))

    def with_entries(self, endpoints: Container[str], *, console_items: Iterable[MenuItem] = ()) -> Registry:
        """The same registry with every menu resolved; items that lead nowhere become problems."""
        items = tuple(console_items)
        modules = []
        for module in self._modules.values():
            entries, problems = resolve(module, endpoints, console_items=items) if module.live else ((), ())
            modules.append(replace(module, entries=entries, problems=(*module.problems, *problems)))
        return Registry(modules, self.graph, self._edges)


def build(found: Iterable[InstalledModule], *, safe_mode: bool = False) -> Registry:
    """The registry of what discovery found; what breaks a rule between modules is quarantined with its reason.

    Args:
        found: In order of precedence: of two modules with one code the first one stays.
        safe_mode: Keeps everything but core off the air.
    """
    modules = without_duplicates(found)
    if safe_mode:
        modules = [kept_off(module, "safe mode starts core modules only") for module in modules]
    judge = Judge({module.code: module for module in modules})
    after = {module.code: module.definition.after for module in modules if module.definition is not None}
    edges = judge.edges()
    graph = Graph(edges, after)
    for code in graph.order:
        judge.judge(code)
    return Registry(judge.judged.values(), graph, edges)
