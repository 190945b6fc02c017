"""Two clients at once at the same plan, and eight at all of it: every answer fits one order, and no rule breaks."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Barrier

from tests.torture.api import Api
from tests.torture.fleet import Shape, sailing
from tests.torture.moody import Cast
from tests.torture.racers import BROKEN, BUSY, UNANSWERED, Racer, Shown
from tests.torture.register import ACCEPTED, BROKEN_RULE, GAPS, STALE, UNEXPLAINED, Rules, check
from tests.torture.scenario import Figures, Ground, Scale
from tests.torture.stage import staged
from tests.torture.tally import Tally

NOT_ONE = "races without exactly one winner"
MODULES, CLIENTS = 20, 8
Switch = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Size:
    """How many races, and how many operations of each client in the crowd."""

    pairs: int
    each: int


SIZES = {Scale.TEST: Size(25, 12), Scale.SHORT: Size(100, 50), Scale.FULL: Size(1_000, 500)}


def races(ground: Ground) -> Figures:
    """Pairs on one platform, then a crowd on another."""
    size, tally = SIZES[ground.scale], Tally()
    rules = Rules(_requires(random.Random(f"{ground.seed} modules")))
    Cast(rules.requires).write(ground.folder)
    with ExitStack() as stack:
        stage = stack.enter_context(staged(ground, ["pairs", "crowd"]))
        stack.enter_context(sailing(stage, Shape.WEB))
        pairs, crowd = stage.apis.values()
        chance = random.Random(f"{ground.seed} pairs")
        _judged(pairs, rules, tally, lambda: _pairs(pairs, rules, tally, chance=chance, count=size.pairs))
        chances = [random.Random(f"{ground.seed} client {number}") for number in range(CLIENTS)]
        _judged(crowd, rules, tally, lambda: _crowd(crowd, rules, tally, chances=chances, each=size.each))
    return tally.figures((BROKEN_RULE, GAPS, UNEXPLAINED, NOT_ONE, BROKEN, UNANSWERED))


def _requires(chance: random.Random) -> dict[str, tuple[str, ...]]:
    """Twenty modules without hooks, so that each change is done when it is accepted; two of three require others."""
    codes = [f"m{number:02}" for number in range(MODULES)]
    return {
        code: tuple(sorted(chance.sample(codes[:at], min(at, chance.randrange(3))))) for at, code in enumerate(codes)
    }


def _judged(api: Api, rules: Rules, tally: Tally, run: Callable[[], Iterable[Racer]]) -> None:
    """Let them run on a platform where all is off, and check the whole history."""
    outside = Racer(api, tally)
    outside.look()
    racers = list(run())
    on = outside.look()
    tally.expect(not rules.broken(set(on)), BROKEN_RULE, f"in the end {sorted(on)} are on")
    changes = [change for racer in racers for change in racer.changes]
    looks = [look for racer in (outside, *racers) for look in racer.looks]
    first, last = (look.revision for look in outside.looks)
    for zero, text in check(rules, changes, looks, first=first, last=last):
        tally.wrong(zero, text)
    tally.count("answers checked", len(changes) + len(looks))


# --- two at once -----------------------------------------------------------------------------------------------------


def _pairs(api: Api, rules: Rules, tally: Tally, *, chance: random.Random, count: int) -> Sequence[Racer]:
    racers = (Racer(api, tally), Racer(api, tally))
    edges = [(code, each) for code, requires in rules.requires.items() for each in requires]
    with ThreadPoolExecutor(len(racers)) as pool:
        for number in range(count):
            on = racers[0].look()
            if number % 2:
                code = chance.choice(list(rules.requires))
                wishes = [(code, code not in on)] * 2
            else:
                dependent, required = chance.choice(edges)
                _prepare(racers[0], on, dependent=dependent, required=required)
                wishes = [(dependent, True), (required, False)]
            _race(pool, racers, wishes, tally)
    return racers


def _prepare(racer: Racer, on: frozenset[str], *, dependent: str, required: str) -> None:
    """What is required is on, its dependent is off: the next two switches cannot both go by their plans."""
    if dependent in on:
        racer.switch(dependent, on=False)
    if required not in on:
        racer.switch(required, on=True)


def _race(pool: ThreadPoolExecutor, racers: Sequence[Racer], wishes: Sequence[Switch], tally: Tally) -> None:
    """Both are shown their plan at the same revision, and confirm it at the same moment."""
    plans = [racer.plan(code, on=on) for racer, (code, on) in zip(racers, wishes, strict=True)]
    start = Barrier(len(racers))

    def confirm(racer: Racer, wish: Switch, shown: Shown | None) -> str:
        start.wait()
        return racer.switch(wish[0], on=wish[1], shown=shown)

    verdicts = sorted(pool.map(confirm, racers, wishes, plans))
    tally.count("paired races")
    fair = verdicts == [ACCEPTED, STALE] or BUSY in verdicts
    tally.expect(fair, NOT_ONE, f"{wishes}: {verdicts}")


# --- eight at once ---------------------------------------------------------------------------------------------------


def _crowd(api: Api, rules: Rules, tally: Tally, *, chances: Sequence[random.Random], each: int) -> Sequence[Racer]:
    racers = [Racer(api, tally) for _ in chances]
    codes = list(rules.requires)

    def run(racer: Racer, chance: random.Random) -> None:
        for _ in range(each):
            code, on = chance.choice(codes), chance.random() < 0.5
            racer.switch(code, on=on, shown=racer.plan(code, on=on) if chance.random() < 0.5 else None)
            if chance.random() < 0.25:
                racer.look()
            tally.count("operations of the crowd")

    with ThreadPoolExecutor(len(racers)) as pool:
        list(pool.map(run, racers, chances))
    return racers
