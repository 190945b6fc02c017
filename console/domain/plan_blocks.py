"""What forbids a plan: each block names the module, says what holds and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from console.domain.plan_types import Notice, PlanStep
from console.domain.registry import InstalledModule
from console.domain.words import Action

if TYPE_CHECKING:
    from console.domain.planner import Change


def blocks_of(change: Change, steps: Sequence[PlanStep], unavailable: Mapping[str, Notice]) -> Iterator[Notice]:
    """Everything that forbids the change, in the order of the rules and then of the modules."""
    yield from _core_protected(change)
    contradictions = tuple(_contradictions(change))
    yield from contradictions
    for code in change.codes(change.needed):
        yield from _not_live(change, change.registry[code], unavailable)
    if not contradictions:
        yield from _conflicts(change)
        yield from _cascade(change, steps)


def _core_protected(change: Change) -> Iterator[Notice]:
    for code in change.codes(change.off):
        module = change.registry[code]
        if module.is_core:
            message = f"{module.name} is a core module and cannot be switched off."
            yield Notice("core_protected", code, message, "Core modules are on everywhere; leave it out.")


def _contradictions(change: Change) -> Iterator[Notice]:
    graph = change.registry.graph
    for code in change.codes(change.needed & change.off):
        askers = change.codes(change.on & graph.needed_by[graph.index[code]])
        names = " and ".join(change.registry[each].name for each in askers)
        message = f"{change.registry[code].name} is to be off, but {names}, which is to be on, requires it."
        yield Notice("contradiction", code, message, "Ask for both on, or both off.")


def _not_live(change: Change, module: InstalledModule, unavailable: Mapping[str, Notice]) -> Iterator[Notice]:
    unmet = tuple(_requirements(change, module))
    yield from unmet
    if not module.live and not unmet:
        reason = module.quarantine or "its definition could not be read"
        message = f"{module.name} is quarantined: {reason}."
        yield Notice("quarantined", module.code, message, "Mend the module and start the console again.")
    elif module.code in unavailable:
        given = unavailable[module.code]
        yield Notice(given.code, module.code, given.message, given.hint or "Run `db upgrade`.")


def _requirements(change: Change, module: InstalledModule) -> Iterator[Notice]:
    for need in module.requirements:
        if need.code not in change.registry:
            message = f"{module.name} requires {need.code!r}, which is not installed."
            yield Notice("requirement_missing", module.code, message, f"Install the module {need.code!r}.")
            continue
        other = change.registry[need.code]
        if other.definition is not None and not need.accepts(other.version):
            message = f"{module.name} requires {str(need)!r}, but {other.name} is installed as {other.version}."
            hint = f"Install a version of {need.code!r} within {need.specifier}."
            yield Notice("version_unmet", module.code, message, hint)


def _conflicts(change: Change) -> Iterator[Notice]:
    """A new module that cannot be beside another one; two that are both on already are not this change's business."""
    for code in change.codes(change.enable):
        for other in change.codes(change.wanted):
            if other != code and (_refuses(change, code, other) or _refuses(change, other, code)):
                first, second = change.registry[code].name, change.registry[other].name
                message = f"{first} and {second} cannot be on together."
                hint = f"Switch {second} off first, or leave {first} off."
                yield Notice("conflict", code, message, hint, other)


def _refuses(change: Change, code: str, other: str) -> bool:
    definition = change.registry[code].definition
    return definition is not None and other in definition.conflicts


def _cascade(change: Change, steps: Sequence[PlanStep]) -> Iterator[Notice]:
    if change.request.cascade:
        return
    for step in steps:
        kind, _, code = step.reason.partition(":")
        if kind in ("required_by", "requires"):
            name, cause = change.registry[step.module].name, change.registry[code].name
            message = (
                f"{name} would be switched on too, because {cause} requires it."
                if step.action is Action.ENABLE
                else f"{name} would be switched off too, because it requires {cause}."
            )
            yield Notice("cascade_needed", step.module, message, "Allow the cascade, or name this module as well.")
