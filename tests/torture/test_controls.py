"""The harness can fail: a console without its outbox is found out, by the same storm that the real one survives."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.torture.grounds import ground
from tests.torture.judge import LOST, STUCK
from tests.torture.kills import Size, storm
from tests.torture.scenario import Scale
from tests.torture.tally import Tally

OUTBOX_OFF = """
import console.jobs.queue
from console.jobs.messenger import HueyMessenger

HueyMessenger.send = lambda self, session, message, delay_s=0.0: None
console.jobs.queue.sweep = lambda app, lost="": 0
"""
"""Nothing is enqueued with its cause, and nobody looks for what was lost."""
SMALL = Size(kills=1, toggles=4, clients=2, platforms=2, patience_s=8.0)


@pytest.mark.timeout(600)
def test_a_console_without_its_outbox_loses_what_it_acknowledged(tmp_path: Path) -> None:
    tally = Tally()
    with ground(tmp_path, None, seed=20, scale=Scale.TEST) as place:
        storm(place, SMALL, tally, patch=OUTBOX_OFF)
    assert tally.zeros[LOST] > 0
    assert tally.zeros[STUCK] > 0
