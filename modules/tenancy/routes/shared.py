"""What the views of both frontends share."""

from __future__ import annotations

from dataclasses import dataclass

from console.sdk import current_platform, installed_modules, module_states


@dataclass(frozen=True, slots=True)
class LiveModule:
    """A module that is on, by code and name."""

    code: str
    name: str


def live_modules(*, internal: bool) -> list[LiveModule]:
    """The modules that are on for this platform, by name; internal ones only if asked for."""
    states = module_states(current_platform.id)
    return sorted(
        (
            LiveModule(module.code, module.name)
            for module in installed_modules()
            if module.definition is not None
            and (internal or not module.definition.is_internal)
            and (module.is_core or (module.code in states and states[module.code].state == "enabled"))
        ),
        key=lambda module: module.name,
    )
