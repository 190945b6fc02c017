"""The model of a platform explains what is right and finds what is wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.torture.register import ACCEPTED, BROKEN_RULE, GAPS, NOTHING, STALE, UNEXPLAINED, Change, Look, Rules, check

RULES = Rules({"payments": (), "orders": ("payments",)})
ON = Change(
    1.0, 2.0, "orders", True, ACCEPTED, revision=6, steps=frozenset({("payments", "enable"), ("orders", "enable")})
)
OFF = Change(
    3.0, 4.0, "payments", False, ACCEPTED, revision=7, steps=frozenset({("orders", "disable"), ("payments", "disable")})
)
BOTH = frozenset({"payments", "orders"})


def wrongs(changes: list[Change], *looks: Look, last: int = 7) -> set[str]:
    return {zero for zero, _ in check(RULES, changes, looks, first=5, last=last)}


def test_a_cascade_on_and_off_with_looks_between_is_explained() -> None:
    looks = (Look(0.1, 0.2, 5, frozenset()), Look(2.1, 2.9, 6, BOTH), Look(2.1, 3.5, 7, frozenset()))
    assert wrongs([OFF, ON], *looks) == set()


def test_what_was_implied_becomes_explicit_by_a_step_of_its_own() -> None:
    asked = Change(3.0, 4.0, "payments", True, ACCEPTED, revision=7, steps=frozenset({("payments", "configure")}))
    again = Change(5.0, 6.0, "payments", True, NOTHING)
    assert wrongs([ON, asked, again]) == set()


@pytest.mark.parametrize(
    "changes",
    [[ON], [ON, replace(OFF, revision=8)], [ON, replace(OFF, revision=6)]],
    ids=["missing", "gap", "twice"],
)
def test_a_revision_that_no_change_or_two_stand_at_is_found(changes: list[Change]) -> None:
    assert wrongs(changes) == {GAPS}


def test_a_change_that_leaves_a_dependent_out_is_found() -> None:
    assert wrongs([ON, replace(OFF, steps=frozenset({("payments", "disable")}))]) == {UNEXPLAINED}


def test_a_change_that_is_not_the_plan_that_was_shown_is_found() -> None:
    assert wrongs([replace(ON, shown_at=5), replace(OFF, shown_at=6)]) == set()
    assert wrongs([ON, replace(OFF, shown_at=5)]) == {UNEXPLAINED}


def test_an_order_against_the_clock_is_found() -> None:
    assert wrongs([replace(ON, begun_s=5.0, ended_s=6.0), OFF]) == {UNEXPLAINED}


def test_a_stale_look_is_found() -> None:
    assert wrongs([ON, OFF], Look(4.5, 5.0, 6, BOTH)) == {UNEXPLAINED}


def test_a_look_into_the_future_is_found() -> None:
    assert wrongs([ON, OFF], Look(2.1, 2.9, 7, frozenset())) == {UNEXPLAINED}


def test_a_look_that_shows_another_state_is_found() -> None:
    assert wrongs([ON, OFF], Look(2.1, 2.9, 6, frozenset({"payments"}))) == {UNEXPLAINED}


def test_a_dependent_seen_without_what_it_requires_is_found() -> None:
    assert BROKEN_RULE in wrongs([ON, OFF], Look(2.1, 2.9, 6, frozenset({"orders"})))


def test_a_refusal_needs_its_reason_at_some_moment() -> None:
    nothing = Change(2.5, 2.9, "orders", True, NOTHING)
    stale = Change(3.5, 4.5, "orders", False, STALE, shown_at=6)
    assert wrongs([ON, OFF, nothing, stale]) == set()
    assert wrongs([ON, OFF, replace(nothing, begun_s=4.5, ended_s=5.0)]) == {UNEXPLAINED}
    assert wrongs([ON, OFF, replace(stale, begun_s=2.1, ended_s=2.9)]) == {UNEXPLAINED}
