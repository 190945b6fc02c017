"""What exactly a request changes: every module by name, in order, each with its reason.

Pure: the same input gives the same plan, byte for byte, so the digest of a plan that somebody saw tells whether it is
still the plan. Source: the guide, "Dependency Rules".
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from console.domain.plan_blocks import blocks_of
from console.domain.plan_types import ChangeRequest, ModuleStatus, Notice, Plan, PlanStep, PlatformModules
from console.domain.registry import Registry
from console.domain.words import Action, ModuleState, Origin
from console.phrases import say

_NOTHING: Mapping[str, Notice] = MappingProxyType({})
ROOTS = (Origin.EXPLICIT, Origin.DEFAULT, Origin.CORE)
STRENGTH = (None, Origin.IMPLIED, Origin.DEFAULT, Origin.EXPLICIT, Origin.CORE)


def make_plan(
    registry: Registry,
    modules: PlatformModules,
    request: ChangeRequest,
    *,
    unavailable: Mapping[str, Notice] = _NOTHING,
) -> Plan:
    """The plan of ``request`` on a platform; empty when nothing has to change.

    Args:
        registry: The installed modules.
        modules: The platform's rows at one revision.
        request: What is asked for.
        unavailable: Code → why an installed module cannot be live now.

    Raises:
        Unknown: A requested module is not installed.
    """
    change = _change(registry, modules, request)
    steps = tuple(_steps(change))
    warnings = () if request.prune else tuple(_unneeded(change))
    blocks = tuple(blocks_of(change, steps, unavailable))
    if any(block.code == "contradiction" for block in blocks):
        steps, warnings = (), ()
    plan = Plan(modules.platform, modules.revision, request, steps, warnings, blocks, digest="")
    return replace(plan, digest=digest_of(plan))


@dataclass(frozen=True, slots=True)
class Change:
    """A request worked out as sets of modules (bits of the registry's graph).

    Args:
        on: Requested on.
        off: Requested off.
        needed: ``on`` with everything that it needs.
        enable: What gets an enable step.
        disable: What gets a disable step.
        unneeded: Wanted only for others, and nothing needs it any more.
        wanted: What is wanted afterwards.
    """

    registry: Registry
    modules: PlatformModules
    request: ChangeRequest
    on: int
    off: int
    needed: int
    enable: int
    disable: int
    unneeded: int
    wanted: int

    def codes(self, bits: int) -> Iterator[str]:
        """The members of a set in dependency order."""
        return self.registry.graph.codes(bits)

    def origin_of(self, code: str) -> Origin:
        """The origin of a module that is on after the change."""
        row = self.modules.of(code)
        if self.registry[code].is_core:
            return Origin.CORE
        held = (row.origin or Origin.IMPLIED) if row.wanted else Origin.IMPLIED
        asked = self.request.origin if self.request.want.get(code) else Origin.IMPLIED
        return max(held, asked, key=STRENGTH.index)


def _change(registry: Registry, modules: PlatformModules, request: ChangeRequest) -> Change:
    graph = registry.graph
    rows = {code: row for code, row in modules.rows.items() if code in registry}
    on = graph.bits(registry[code].code for code, want in request.want.items() if want)
    off = graph.bits(registry[code].code for code, want in request.want.items() if not want)
    needed = graph.closure(on)
    unsettled_on = graph.bits(code for code, row in rows.items() if not needs_enable(row))
    unsettled_off = graph.bits(code for code, row in rows.items() if needs_disable(row))
    core = graph.bits(code for code in registry if registry[code].is_core)
    enable = needed & ~unsettled_on
    disable = graph.dependents(off) & unsettled_off & ~core & ~needed
    wanted = graph.bits(code for code, row in rows.items() if row.wanted) & ~disable | needed
    change = Change(registry, modules, request, on, off, needed, enable, disable, unneeded=0, wanted=wanted)
    roots = graph.bits(code for code in graph.codes(wanted) if change.origin_of(code) in ROOTS) | core
    unneeded = wanted & ~graph.closure(roots)
    if request.prune:
        disable |= graph.dependents(unneeded) & unsettled_off & ~core & ~needed
        wanted &= ~disable
    return replace(change, disable=disable, unneeded=unneeded, wanted=wanted)


def needs_enable(row: ModuleStatus) -> bool:
    """Whether a request for *on* has something to do; a wanted module on its way there does not."""
    return not row.wanted or row.state in (ModuleState.DISABLED, ModuleState.FAILED)


def needs_disable(row: ModuleStatus) -> bool:
    """Whether a request for *off* has something to do; an unwanted module on its way there does not."""
    return row.wanted or row.state in (ModuleState.ENABLED, ModuleState.FAILED)


def _steps(change: Change) -> Iterator[PlanStep]:
    for code in reversed(tuple(change.codes(change.disable))):
        reason = _why_off(change, code)
        origin = change.request.origin if reason == "requested" else Origin.IMPLIED
        yield PlanStep(code, Action.DISABLE, reason, origin, hook=_has_hook(change.registry, code, "on_disable"))
    for code in change.codes(change.enable):
        hook = _has_hook(change.registry, code, "on_enable")
        yield PlanStep(code, Action.ENABLE, _why_on(change, code), change.origin_of(code), hook)
    for code in change.codes(change.on & ~change.enable):
        origin = change.origin_of(code)
        if STRENGTH.index(origin) > STRENGTH.index(change.modules.of(code).origin):
            yield PlanStep(code, Action.CONFIGURE, "requested", origin, hook=False)


def _has_hook(registry: Registry, code: str, name: str) -> bool:
    """A module that is off the air runs no hook: switching it off never depends on its good will."""
    module = registry[code]
    return module.live and getattr(module.definition, name) is not None


def _why_on(change: Change, code: str) -> str:
    if change.request.want.get(code):
        return "requested"
    graph = change.registry.graph
    askers = [each for each in change.codes(change.needed) if code in change.registry.edges(each)]
    best = min(askers, key=lambda each: (not change.request.want.get(each), graph.index[each]))
    return f"required_by:{best}"


def _why_off(change: Change, code: str) -> str:
    if change.request.want.get(code) is False:
        return "requested"
    graph = change.registry.graph
    going = change.disable | change.off
    causes = [each for each in change.registry.edges(code) if going >> graph.index[each] & 1]
    if not causes:
        return "unneeded"
    best = min(causes, key=lambda each: (change.request.want.get(each) is not False, graph.index[each]))
    return f"requires:{best}"


def _unneeded(change: Change) -> Iterator[Notice]:
    for code in change.codes(change.unneeded):
        name = change.registry[code].name
        yield Notice(
            "unneeded",
            code,
            say(
                "%(module)s was switched on only because others needed it, and nothing needs it any more.", module=name
            ),
            say("It stays on; prune switches it off too."),
        )


def digest_of(plan: Plan) -> str:
    """What identifies a plan: its request, steps, warnings and blocks, not the revision."""
    request = plan.request
    facts = {
        "platform": plan.platform,
        "want": dict(sorted(request.want.items())),
        "cascade": request.cascade,
        "prune": request.prune,
        "origin": request.origin.value,
        "steps": [[s.module, s.action.value, s.reason, s.origin.value, s.hook] for s in plan.steps],
        "warnings": _notices(plan.warnings),
        "blocks": _notices(plan.blocks),
    }
    text = json.dumps(facts, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _notices(notices: Iterable[Notice]) -> list[list[str]]:
    return [[each.code, each.module, each.message, each.hint] for each in notices]
