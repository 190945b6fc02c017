"""Sets the clock of a console's machine by hours, ahead and back, while clients toggle and processes die."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from pathlib import Path

from tests.torture.fleet import Fleet
from tests.torture.judge import ZEROS
from tests.torture.kills import Blow, Size, killing, storm
from tests.torture.scenario import Figures, Ground, Scale
from tests.torture.tally import Tally
from tests.torture.togglers import BROKEN

HOUR_S = 3600
OFF_S: Sequence[float] = (-20 * HOUR_S, -2 * HOUR_S, -90, 0, 90, 2 * HOUR_S, 20 * HOUR_S)
"""How far off the machine's clock may be; a little less than the life of the clients' tokens."""
HAND = """
import datetime
import pathlib
import time

import console.storage.clock

_off, _time = pathlib.Path({path!r}), time.time


class SetTime(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.datetime.now(tz) + datetime.timedelta(seconds=float(_off.read_text()))


console.storage.clock.datetime = SetTime
time.time = lambda: _time() + float(_off.read_text())
"""
"""A hand on the clock of every process of the console: all of them read how far it is off from one file."""
SIZES = {
    Scale.TEST: Size(kills=4, toggles=30, clients=4, platforms=2),
    Scale.SHORT: Size(kills=12, toggles=200),
    Scale.FULL: Size(kills=60, toggles=1_000),
}


def jumps(ground: Ground) -> Figures:
    """A storm in which every second blow is a kill, so that whoever has seen the jump may be gone."""
    tally, chance = Tally(), random.Random(f"{ground.seed} jumps")
    dial = ground.folder / "off"
    _set(dial, 0)
    blow = _setting(dial, chance)
    storm(ground, SIZES[ground.scale], tally, patch=HAND.format(path=str(dial)), blow=blow)
    return tally.figures((*ZEROS, BROKEN))


def _setting(dial: Path, chance: random.Random) -> Blow:
    kill, at = killing(chance), [0.0]

    def strike(fleet: Fleet, number: int) -> None:
        at[0] = chance.choice([off for off in OFF_S if off != at[0]])
        _set(dial, at[0])
        if number % 2:
            kill(fleet, number)

    return strike


def _set(dial: Path, off_s: float) -> None:
    """Nobody ever reads half of it."""
    fresh = dial.with_suffix(".fresh")
    fresh.write_text(str(off_s))
    os.replace(fresh, dial)
