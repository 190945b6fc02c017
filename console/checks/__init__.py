"""Rules that every module keeps: one family a file, one mechanism for start-up, the CLI and the contract tests.

Ids are stable: MOD00x loading and definition, MOD01x rules between modules, MOD02x routes, MOD03x menus,
MOD04x imports, MOD05x tables, MOD06x files and locales.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from console.checks import files, imports, tables
from console.domain.problem import Problem
from console.domain.registry import InstalledModule, Registry

Family = Callable[[Registry, InstalledModule], Iterator[Problem]]

FAMILIES: tuple[Family, ...] = (imports.check, tables.check, files.check)


def check_module(registry: Registry, module: InstalledModule) -> tuple[Problem, ...]:
    """Everything that is wrong with ``module``, what start-up found included, sorted by id and place."""
    found = list(module.problems)
    if module.definition is not None:
        for family in FAMILIES:
            found.extend(family(registry, module))
    return tuple(sorted(set(found)))


def check_all(registry: Registry) -> tuple[Problem, ...]:
    """Everything that is wrong with the installed modules, module by module in registry order."""
    return tuple(problem for module in registry.modules() for problem in check_module(registry, module))
