"""Kills web, runners and all of it while clients toggle: what was acknowledged happens once, in order, and ends."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

from tests.support.waiting import until
from tests.torture.evidence import Evidence
from tests.torture.fleet import Fleet, Role, Shape, sailing
from tests.torture.judge import ZEROS, Outside, judge
from tests.torture.moody import DONE, EVERY_MOOD, HEARD, Cast, read
from tests.torture.record import open_things, record_of
from tests.torture.scenario import Figures, Ground, Scale
from tests.torture.stage import Stage, staged
from tests.torture.tally import Tally
from tests.torture.togglers import BROKEN, Toggler

CAST = Cast(
    requires={
        **{"a1": (), "a2": ("a1",), "a3": ("a2",), "a4": ("a3",), "a5": ("a4",)},
        **{"b1": (), "b2": ("b1",), "b3": ("b1",), "b4": ("b2", "b3")},
        **{"c1": (), "c2": ("c1",), "c3": ("c2", "a2"), "d1": (), "d2": ("b1", "d1")},
    },
    hooked=frozenset({"a1", "a2", "a3", "a4", "a5", "b1", "b2", "b4", "c2", "c3", "d2"}),
    ears=frozenset({"a3", "b1", "c1"}),
)
"""A cascade of five, a diamond, and modules without a hook at the front, in the middle and at the end."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much of it.

    Args:
        kills: Of processes, in rounds over all roles.
        toggles: That are acknowledged at least.
        patience_s: How long nothing may happen, in the storm and after the last toggle.
    """

    kills: int
    toggles: int
    clients: int = 8
    platforms: int = 4
    patience_s: float = 120.0


SIZES = {
    Scale.TEST: Size(kills=4, toggles=40, clients=4, platforms=2),
    Scale.SHORT: Size(kills=15, toggles=450),
    Scale.FULL: Size(kills=100, toggles=5_000),
}
"""Of a storm; there are two, but in the test suite each database has one."""


def kills(ground: Ground) -> Figures:
    """One tree of web and runners, then ``serve --no-worker`` beside a ``worker``."""
    shapes: tuple[Shape, ...] = (Shape.TOGETHER, Shape.APART)
    if ground.scale is Scale.TEST:
        shapes = shapes[:1] if ground.database == "sqlite" else shapes[1:]
    tally = Tally()
    for shape in shapes:
        storm(replace(ground, folder=ground.folder / shape.name.lower()), SIZES[ground.scale], tally, shape=shape)
    return tally.figures((*ZEROS, BROKEN))


Blow = Callable[[Fleet, int], None]
"""What is done to a fleet in the middle of it, the how manieth time."""


def killing(chance: random.Random) -> Blow:
    """Kills every role once in each round, in an order of its own."""
    due: list[Role] = []

    def kill(fleet: Fleet, number: int) -> None:
        del number
        if not due:
            due.extend(chance.sample(list(Role), len(Role)))
        fleet.kill(due.pop(), chance)

    return kill


def storm(
    ground: Ground,
    size: Size,
    tally: Tally,
    *,
    shape: Shape = Shape.TOGETHER,
    patch: str = "",
    blow: Blow | None = None,
) -> None:
    """Clients and blows at once, then quiet, then the verdict.

    Args:
        patch: Run in every process of the console before it starts: a negative control, or a hand on its clock.
        blow: Instead of a kill.
    """
    chance = random.Random(f"{ground.seed} kills")
    journal = CAST.write(ground.folder, seed=ground.seed, moods=EVERY_MOOD)
    evidence = Evidence(ground.folder / "acknowledged")
    with ExitStack() as stack:
        stage = stack.enter_context(staged(ground, [f"north{number}" for number in range(size.platforms)]))
        fleet = stack.enter_context(sailing(stage, shape, patch=patch))
        clients = _clients(ground, stage, size, evidence=evidence, tally=tally)
        _toggle_and_strike(fleet, clients, size, chance, blow or killing(chance))
        _await_quiet(stage, size.patience_s)
        fleet.stop()
        record = record_of(stage.app)
    for zero, text in judge(record, _outside(evidence, journal)):
        tally.wrong(zero, text)
    tally.count("kills" if blow is None else "blows", size.kills)
    tally.count("steps of cascades", len(record.steps))
    tally.count("deliveries", len(record.deliveries))


def _clients(ground: Ground, stage: Stage, size: Size, *, evidence: Evidence, tally: Tally) -> list[Toggler]:
    stop = Event()
    platforms = list(stage.apis.items())
    share = -(-size.toggles // size.clients)
    made = []
    for number in range(size.clients):
        platform_id, api = platforms[number % len(platforms)]
        chance = random.Random(f"{ground.seed} client {number}")
        made.append(
            Toggler(f"c{number}", platform_id, api, list(CAST.requires), chance, evidence, tally, stop, wanted=share)
        )
    return made


def _toggle_and_strike(fleet: Fleet, clients: Sequence[Toggler], size: Size, chance: random.Random, blow: Blow) -> None:
    evidence, stop = clients[0].evidence, clients[0].stop
    with ThreadPoolExecutor(len(clients)) as pool:
        running = [pool.submit(client.run) for client in clients]
        try:
            for number in range(size.kills):
                due = int((number + chance.random()) * size.toggles / size.kills)
                _await(evidence, due, running, within_s=size.patience_s)
                stop.wait(chance.random() * 0.1)
                blow(fleet, number)
            for each in running:
                each.result(timeout=size.patience_s)
        finally:
            stop.set()


def _await(evidence: Evidence, due: int, running: Sequence[Future[None]], *, within_s: float) -> None:
    """So many toggles are acknowledged, or nobody asks for more."""
    until(
        lambda: len(evidence) >= due or all(each.done() for each in running),
        within_s=within_s,
        what=lambda: f"toggle {due}; {len(evidence)} are acknowledged",
    )


def _await_quiet(stage: Stage, patience_s: float) -> None:
    """Nothing is open any more, or nothing has ended for so long: what is still open then is for the judge."""
    left = open_things(stage.app)
    while left and _fewer(stage, left, within_s=patience_s):
        left = open_things(stage.app)


def _fewer(stage: Stage, than: int, *, within_s: float) -> bool:
    try:
        until(lambda: open_things(stage.app) < than, within_s=within_s)
    except AssertionError:
        return False
    return True


def _outside(evidence: Evidence, journal: Path) -> Outside:
    return Outside(
        asked=evidence.asked,
        acks=tuple(evidence.acks),
        done=read(journal, DONE),
        heard=read(journal, HEARD),
        requires=CAST.requires,
        hooked=CAST.hooked,
        ears=CAST.ears,
    )
