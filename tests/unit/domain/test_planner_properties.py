"""The planner over random graphs and random sequences of requests."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.plan_types import ChangeRequest, ModuleStatus, Plan, PlatformModules
from console.domain.planner import make_plan
from console.domain.registry import Registry, build
from console.domain.words import Action, ModuleState, Origin
from tests.unit.domain.making import applied, installed, wanted
from tests.unit.domain.oracle import World, answer, naive_closure, random_edges

SIZES = st.integers(1, 200)
SEEDS = st.integers(0, 2**32)


def make_world(chance: random.Random, size: int, *, conflicts: int = 0) -> tuple[World, Registry]:
    requires = random_edges(chance, size)
    core: set[str] = set()
    for code in requires:  # in the order in which they were made: requirements first
        if chance.random() < 0.1 and set(requires[code]) <= core:
            core.add(code)
    refused: dict[str, set[str]] = {}
    names = sorted(set(requires) - core)
    for _ in range(conflicts if len(names) > 1 else 0):
        one, other = chance.sample(names, 2)
        if one not in requires[other] and other not in requires[one]:
            refused.setdefault(one, set()).add(other)
    modules = [
        installed(code, requires=needs, is_core=code in core, conflicts=sorted(refused.get(code, ())))
        for code, needs in requires.items()
    ]
    return World(requires, core, refused), build(modules)


def make_request(chance: random.Random, world: World, *, prune: bool | None = None) -> ChangeRequest:
    names = sorted(world.requires) if chance.random() < 0.2 else sorted(set(world.requires) - world.core)
    names = names or sorted(world.requires)
    asked = chance.sample(names, min(len(names), chance.choice([1, 1, 1, 2, 3])))
    return ChangeRequest(
        {code: chance.random() < 0.6 for code in asked},
        cascade=chance.random() < 0.9,
        prune=chance.random() < 0.3 if prune is None else prune,
    )


def new_platform(chance: random.Random, world: World, registry: Registry) -> PlatformModules:
    """A platform with core and a few default modules on."""
    empty = PlatformModules("acme", 0)
    names = sorted(set(world.requires) - world.core)
    with_core = applied(empty, make_plan(registry, empty, ChangeRequest(dict.fromkeys(sorted(world.core), True))))
    some = dict.fromkeys(chance.sample(names, min(len(names), 2)), True)
    return applied(with_core, make_plan(registry, with_core, ChangeRequest(some, origin=Origin.DEFAULT)))


def roots(modules: PlatformModules, world: World) -> set[str]:
    by_itself = (Origin.EXPLICIT, Origin.DEFAULT, Origin.CORE)
    return world.core | {code for code, row in modules.rows.items() if row.wanted and row.origin in by_itself}


def assert_ordered(plan: Plan, world: World) -> None:
    """Steps off come before steps on, dependents off first, requirements on first."""
    places = {(step.module, step.action): place for place, step in enumerate(plan.steps)}
    assert len(places) == len(plan.steps)
    kinds = [step.action for step in plan.steps]
    assert kinds == sorted(kinds, key=[Action.DISABLE, Action.ENABLE, Action.CONFIGURE].index)
    for code, needs in world.requires.items():
        for need in needs:
            for action, first, second in ((Action.ENABLE, need, code), (Action.DISABLE, code, need)):
                if (first, action) in places and (second, action) in places:
                    assert places[first, action] < places[second, action]


@settings(max_examples=200, deadline=None)
@given(size=SIZES, seed=SEEDS)
def test_the_on_set_stays_closed_and_holds_what_is_asked_for(size: int, seed: int) -> None:
    chance = random.Random(seed)
    world, registry = make_world(chance, size)
    modules = new_platform(chance, world, registry)
    for _ in range(8):
        request = make_request(chance, world)
        plan = make_plan(registry, modules, request)
        assert_ordered(plan, world)
        if plan.blocked:
            continue
        failed = frozenset(step.module for step in plan.steps if chance.random() < 0.1)
        modules = applied(modules, plan, failed=failed)
        on = wanted(modules)
        assert on == naive_closure(world.requires, set(on)), "closed under requires"
        assert all(modules.of(code).wanted is want for code, want in request.want.items())
        least = naive_closure(world.requires, roots(modules, world))
        assert on >= least
        if request.prune:
            assert on == least
            assert plan.warnings == ()
        else:
            assert {notice.module for notice in plan.warnings if notice.code == "unneeded"} == on - least


@settings(max_examples=60, deadline=None)
@given(size=SIZES, seed=SEEDS, conflicts=st.integers(0, 20))
def test_the_planner_agrees_with_the_naive_oracle(size: int, seed: int, conflicts: int) -> None:
    chance = random.Random(seed)
    world, registry = make_world(chance, size, conflicts=conflicts)
    modules = new_platform(chance, world, registry)
    for turn in range(6):
        if turn == 3:
            modules = disturbed(chance, modules)
        request = make_request(chance, world)
        plan = make_plan(registry, modules, request)
        expected = answer(world, modules, request)
        got = [(step.module, step.action.value, step.reason, step.origin.value) for step in plan.steps]
        assert got == expected.steps
        assert {(block.code, block.module) for block in plan.blocks} == expected.blocks
        assert {notice.module for notice in plan.warnings} == expected.unneeded
        if not plan.blocked:
            modules = applied(modules, plan)


def disturbed(chance: random.Random, modules: PlatformModules) -> PlatformModules:
    """Rows as failures, upgrades and running operations leave them: any state with any wish."""
    origins = (None, *Origin)
    rows = {
        code: ModuleStatus(chance.random() < 0.5, chance.choice(origins), chance.choice(list(ModuleState)))
        if chance.random() < 0.3
        else row
        for code, row in sorted(modules.rows.items())
    }
    return PlatformModules(modules.platform, modules.revision, rows)


@settings(max_examples=100, deadline=None)
@given(size=SIZES, seed=SEEDS)
def test_a_plan_is_the_same_however_its_input_is_ordered(size: int, seed: int) -> None:
    chance = random.Random(seed)
    world, registry = make_world(chance, size)
    modules = new_platform(chance, world, registry)
    request = make_request(chance, world)
    shuffled = list(registry.modules())
    chance.shuffle(shuffled)
    rows = dict(chance.sample(sorted(modules.rows.items()), len(modules.rows)))
    again = ChangeRequest(dict(reversed(list(request.want.items()))), cascade=request.cascade, prune=request.prune)
    plan = make_plan(registry, modules, request)
    other = make_plan(build(shuffled), PlatformModules("acme", 99, rows), again)
    assert (other.digest, other.steps, other.warnings, other.blocks) == (
        plan.digest,
        plan.steps,
        plan.warnings,
        plan.blocks,
    )


@settings(max_examples=100, deadline=None)
@given(size=SIZES, seed=SEEDS)
def test_asking_again_for_what_is_so_changes_nothing(size: int, seed: int) -> None:
    chance = random.Random(seed)
    world, registry = make_world(chance, size)
    modules = new_platform(chance, world, registry)
    request = make_request(chance, world)
    plan = make_plan(registry, modules, request)
    if not plan.blocked:
        modules = applied(modules, plan)
        assert make_plan(registry, modules, request).steps == ()
    assert bool(plan.blocked) == bool({block.code for block in plan.blocks})
