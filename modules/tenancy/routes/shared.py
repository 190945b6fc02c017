"""What the views of both frontends share."""

from __future__ import annotations

from dataclasses import dataclass

from console.sdk import MODULES, current_platform, module_states


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
            LiveModule(code, definition.name)
            for code, definition in MODULES.items()
            if (internal or not definition.is_internal)
            and (definition.is_core or (code in states and states[code].state == "enabled"))
        ),
        key=lambda module: module.name,
    )
