"""``./run torture``: figures for people, an exit code for machines, and a seed that is said."""

from __future__ import annotations

import random

import pytest

from tests.torture import __main__ as command
from tests.torture.report import lines
from tests.torture.scenario import Figures, Ground
from tests.torture.scenarios import SCENARIOS


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, float]]:
    """The scenarios are two: one holds, one does not; each run of them is written down with a draw from its seed."""
    found: list[tuple[str, float]] = []

    def figures(lost: int) -> Figures:
        return Figures({"toggles": 1_200}, {"lost": lost}, ("operation 7 is gone",) * lost)

    def good(ground: Ground) -> Figures:
        found.append((ground.database, random.Random(ground.seed).random()))
        return figures(0)

    monkeypatch.setattr(command, "SCENARIOS", {"good": good, "bad": lambda _ground: figures(1)})
    return found


def test_it_ends_with_one_when_a_zero_does_not_hold(
    drawn: list[tuple[str, float]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["--database", "sqlite", "--seed", "5"]) == 1
    said = capsys.readouterr().out
    assert "operation 7 is gone" in said
    assert "Does not hold with seed 5: bad on sqlite" in said
    assert command.main(["--database", "sqlite", "--only", "good"]) == 0


def test_the_same_seed_makes_the_same_choices(drawn: list[tuple[str, float]]) -> None:
    for seed in ("5", "5", "6"):
        command.main(["--database", "sqlite", "--only", "good", "--seed", seed])
    first, second, other = drawn
    assert first == second != other


def test_figures_are_said_with_their_counts_and_seconds() -> None:
    said = list(lines("kills", "sqlite", Figures({"toggles": 1_200}, {"lost": 0}), seconds=12.34))
    assert said[0].split() == ["kills", "sqlite", "holds", "12.3", "s"]
    assert said[1:] == ["    done   toggles 1,200", "    zeros  lost 0"]


def test_what_was_not_done_does_not_hold() -> None:
    assert not Figures({"toggles": 0}, {"lost": 0}).holds


def test_every_scenario_has_a_name_that_the_command_takes() -> None:
    assert all(name == name.lower() and " " not in name for name in SCENARIOS)
