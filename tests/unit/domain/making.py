"""Short ways to make the values that the domain works on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from console.domain.definition import ModuleDefinition
from console.domain.plan_types import ModuleStatus, Plan, PlatformModules
from console.domain.registry import InstalledModule, Registry, build
from console.domain.words import Action, ModuleState, Origin

ON = ModuleStatus(wanted=True, origin=Origin.EXPLICIT, state=ModuleState.ENABLED)
IMPLIED = ModuleStatus(wanted=True, origin=Origin.IMPLIED, state=ModuleState.ENABLED)


def definition(code: str = "billing", **fields: object) -> ModuleDefinition:
    """A definition whose fields may be wrong on purpose."""
    make: Callable[..., ModuleDefinition] = ModuleDefinition
    return make(code=code, **{"name": f"The {code} module", **fields})


def installed(code: str, **fields: object) -> InstalledModule:
    return InstalledModule(code, definition(code, **fields), f"modules.{code}", Path("modules", code), "built-in")


def broken(code: str) -> InstalledModule:
    """A module whose definition could not be imported."""
    found = installed(code)
    return replace(found, definition=None, quarantine="definition.py cannot be imported: KeyError: 'x'")


def registry(*modules: InstalledModule) -> Registry:
    return build(modules)


def rows(platform: str = "acme", revision: int = 7, **statuses: ModuleStatus) -> PlatformModules:
    return PlatformModules(platform, revision, {code.replace("_", "-"): row for code, row in statuses.items()})


def applied(modules: PlatformModules, plan: Plan, *, failed: frozenset[str] = frozenset()) -> PlatformModules:
    """The rows after an accepted plan: everything as wished, but ``failed`` where the hook failed."""
    after: dict[str, ModuleStatus] = dict(modules.rows)
    for step in plan.steps:
        on = step.action is not Action.DISABLE
        state = ModuleState.ENABLED if on else ModuleState.DISABLED
        if step.module in failed and step.action is not Action.CONFIGURE:
            state = ModuleState.FAILED
        elif step.action is Action.CONFIGURE:
            state = modules.of(step.module).state
        after[step.module] = ModuleStatus(on, step.origin, state)
    return PlatformModules(modules.platform, modules.revision + bool(plan.steps), after)


def wanted(modules: PlatformModules) -> frozenset[str]:
    return frozenset(code for code, row in modules.rows.items() if row.wanted)


Requires = Mapping[str, list[str]]
