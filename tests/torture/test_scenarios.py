"""Each scenario, small: it does all that it says, and every one of its zeros holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import KINDS
from tests.torture.grounds import ground
from tests.torture.scenario import Scale
from tests.torture.scenarios import SCENARIOS

SEED = 20
HELD_ELSEWHERE = ("jumps", "tampers", "isolation")
"""Scenarios that repeat in large what tests of their own hold on both databases."""
PLACES = [(name, kind) for name in SCENARIOS for kind in KINDS if not (name in HELD_ELSEWHERE and kind == "postgres")]


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("name", "database_kind"), PLACES, indirect=["database_kind"])
def test_a_scenario_does_what_it_says_and_its_zeros_hold(
    name: str, database_kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    server = request.getfixturevalue("postgres") if database_kind == "postgres" else None
    with ground(tmp_path, server, seed=SEED, scale=Scale.TEST) as place:
        figures = SCENARIOS[name](place)
    assert figures.holds, "\n".join([f"{figures.done} {figures.zeros}", *figures.told])
