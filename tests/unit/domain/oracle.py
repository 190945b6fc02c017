"""The rules written a second time, slowly and obviously: what the planner must agree with.

Sets and loops only; nothing of the planner, the graph or the registry's closures is used.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from console.domain.plan_types import ChangeRequest, ModuleStatus, PlatformModules
from console.domain.words import ModuleState, Origin

Edges = Mapping[str, Iterable[str]]
STANDS_BY_ITSELF = {Origin.EXPLICIT, Origin.DEFAULT, Origin.CORE}


@dataclass(frozen=True)
class World:
    """What the oracle knows of the modules: who requires whom, and who is core."""

    requires: dict[str, list[str]]
    core: set[str]
    conflicts: dict[str, set[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What must come out: steps as (module, action, reason, origin), codes of blocks, unneeded modules."""

    steps: list[tuple[str, str, str, str]]
    blocks: set[tuple[str, str]]
    unneeded: set[str]


def naive_closure(edges: Edges, start: set[str]) -> set[str]:
    found = set(start)
    while True:
        more = found | {need for code in found for need in edges[code]}
        if more == found:
            return found
        found = more


def naive_dependents(edges: Edges, start: set[str]) -> set[str]:
    return {code for code in edges if naive_closure(edges, {code}) & start}


def naive_order(edges: Edges, after: Edges) -> list[str]:
    placed: list[str] = []
    while len(placed) < len(list(edges)):
        ready = [code for code in edges if code not in placed and set(edges[code]) <= set(placed)]
        glad = [code for code in ready if not (set(after.get(code, ())) & set(edges)) - set(placed)]
        placed.append(min(glad or ready))
    return placed


def answer(world: World, modules: PlatformModules, request: ChangeRequest) -> Answer:
    order = naive_order(world.requires, {})
    on = {code for code, want in request.want.items() if want}
    off = {code for code, want in request.want.items() if not want}
    needed = naive_closure(world.requires, on)
    blocks = {("core_protected", code) for code in off & world.core}
    blocks |= {("contradiction", code) for code in needed & off}
    contradicts = bool(needed & off)
    origins = {code: _origin(world, modules, request, code=code) for code in order}
    enable = {code for code in needed if _settles_on(modules.of(code))}
    disable = {
        code
        for code in naive_dependents(world.requires, off)
        if _settles_off(modules.of(code)) and code not in world.core and code not in needed
    }
    wanted = ({code for code, row in modules.rows.items() if row.wanted} - disable) | needed
    roots = world.core | {code for code in wanted if origins[code] in STANDS_BY_ITSELF}
    unneeded = wanted - naive_closure(world.requires, roots)
    if request.prune:
        followers = {code for code in naive_dependents(world.requires, unneeded) if _settles_off(modules.of(code))}
        disable |= followers - world.core - needed
        wanted -= disable
    for code in enable:
        for other in wanted - {code}:
            if other in world.conflicts.get(code, ()) or code in world.conflicts.get(other, ()):
                blocks |= set() if contradicts else {("conflict", code)}
    steps = _steps(world, modules, request, order=order, enable=enable, disable=disable, needed=needed, origins=origins)
    if not request.cascade and not contradicts:
        blocks |= {("cascade_needed", module) for module, _, reason, _ in steps if ":" in reason}
    return Answer([] if contradicts else steps, blocks, set() if request.prune or contradicts else unneeded)


def _origin(world: World, modules: PlatformModules, request: ChangeRequest, *, code: str) -> Origin:
    if code in world.core:
        return Origin.CORE
    rank = [Origin.IMPLIED, Origin.DEFAULT, Origin.EXPLICIT, Origin.CORE]
    row = modules.of(code)
    had = row.origin if row.wanted and row.origin else Origin.IMPLIED
    gets = request.origin if request.want.get(code) else Origin.IMPLIED
    return rank[max(rank.index(had), rank.index(gets))]


def _settles_on(row: ModuleStatus) -> bool:
    return not row.wanted or row.state in {ModuleState.DISABLED, ModuleState.FAILED}


def _settles_off(row: ModuleStatus) -> bool:
    return row.wanted or row.state in {ModuleState.ENABLED, ModuleState.FAILED}


def _steps(
    world: World,
    modules: PlatformModules,
    request: ChangeRequest,
    *,
    order: Sequence[str],
    enable: set[str],
    disable: set[str],
    needed: set[str],
    origins: Mapping[str, Origin],
) -> list[tuple[str, str, str, str]]:
    asked = request.want
    steps: list[tuple[str, str, str, str]] = []
    for code in [each for each in reversed(order) if each in disable]:
        going = disable | {each for each, want in asked.items() if not want}
        causes = [each for each in order if each in going and each in world.requires[code]]
        causes = [each for each in causes if asked.get(each) is False] or causes
        reason = f"requires:{causes[0]}" if causes else "unneeded"
        reason = "requested" if asked.get(code) is False else reason
        steps.append((code, "disable", reason, request.origin if reason == "requested" else Origin.IMPLIED))
    for code in [each for each in order if each in enable]:
        askers = [each for each in order if each in needed and code in world.requires[each]]
        askers = [each for each in askers if asked.get(each)] or askers
        steps.append((code, "enable", "requested" if asked.get(code) else f"required_by:{askers[0]}", origins[code]))
    for code in [each for each in order if asked.get(each) and each not in enable]:
        if modules.of(code).origin is not origins[code]:
            steps.append((code, "configure", "requested", origins[code]))
    return steps


def random_edges(chance: random.Random, size: int) -> dict[str, list[str]]:
    """An acyclic graph whose names say nothing about its order."""
    names = [f"m{number}" for number in chance.sample(range(1000), size)]
    reach = chance.choice([1, 2, 3, 6])
    return {
        code: chance.sample(names[:place], min(place, chance.randint(0, reach))) for place, code in enumerate(names)
    }
