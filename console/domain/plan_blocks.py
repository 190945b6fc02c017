"""What forbids a plan: each block names the module, says what holds and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from console.domain.plan_types import Notice, PlanStep
from console.domain.registry import InstalledModule
from console.domain.words import Action
from console.phrases import joined, say

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
            message = say("%(module)s is a core module and cannot be switched off.", module=module.name)
            yield Notice("core_protected", code, message, say("Core modules are on everywhere; leave it out."))


def _contradictions(change: Change) -> Iterator[Notice]:
    graph = change.registry.graph
    for code in change.codes(change.needed & change.off):
        askers = change.codes(change.on & graph.needed_by[graph.index[code]])
        message = say(
            "%(module)s is to be off, but %(others)s, which is to be on, requires it.",
            module=change.registry[code].name,
            others=joined(say(" and "), (change.registry[each].name for each in askers)),
        )
        yield Notice("contradiction", code, message, say("Ask for both on, or both off."))


def _not_live(change: Change, module: InstalledModule, unavailable: Mapping[str, Notice]) -> Iterator[Notice]:
    unmet = tuple(_requirements(change, module))
    yield from unmet
    if not module.live and not unmet:
        reason = module.quarantine or say("its definition could not be read")
        message = say("%(module)s is quarantined: %(reason)s.", module=module.name, reason=reason)
        yield Notice("quarantined", module.code, message, say("Mend the module and start the console again."))
    elif module.code in unavailable:
        given = unavailable[module.code]
        yield Notice(given.code, module.code, given.message, given.hint or say("Run `db upgrade`."))


def _requirements(change: Change, module: InstalledModule) -> Iterator[Notice]:
    for need in module.requirements:
        if need.code not in change.registry:
            facts = {"module": module.name, "other": repr(need.code)}
            message = say("%(module)s requires %(other)s, which is not installed.", **facts)
            yield Notice("requirement_missing", module.code, message, say("Install the module %(other)s.", **facts))
            continue
        other = change.registry[need.code]
        if other.definition is not None and not need.accepts(other.version):
            message = say(
                "%(module)s requires %(need)s, but %(other)s is installed as %(version)s.",
                module=module.name,
                need=repr(str(need)),
                other=other.name,
                version=other.version,
            )
            hint = say("Install a version of %(other)s within %(range)s.", other=repr(need.code), range=need.specifier)
            yield Notice("version_unmet", module.code, message, hint)


def _conflicts(change: Change) -> Iterator[Notice]:
    """A new module that cannot be beside another one; two that are both on already are not this change's business."""
    for code in change.codes(change.enable):
        for other in change.codes(change.wanted):
            if other != code and (_refuses(change, code, other) or _refuses(change, other, code)):
                facts = {"first": change.registry[code].name, "second": change.registry[other].name}
                message = say("%(first)s and %(second)s cannot be on together.", **facts)
                hint = say("Switch %(second)s off first, or leave %(first)s off.", **facts)
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
            facts = {"module": change.registry[step.module].name, "other": change.registry[code].name}
            message = (
                say("%(module)s would be switched on too, because %(other)s requires it.", **facts)
                if step.action is Action.ENABLE
                else say("%(module)s would be switched off too, because it requires %(other)s.", **facts)
            )
            hint = say("Allow the cascade, or name this module as well.")
            yield Notice("cascade_needed", step.module, message, hint)
