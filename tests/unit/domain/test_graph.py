"""The graph: one order, closures, cycles by their whole path."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.graph import Graph, cycles, ordered
from tests.unit.domain.oracle import naive_closure, naive_order, random_edges


def test_requirements_come_first_and_ties_go_by_code() -> None:
    edges: dict[str, list[str]] = {"orders": ["payments"], "payments": [], "cms": [], "analytics": ["orders"]}
    assert Graph(edges).order == ("cms", "payments", "orders", "analytics")


def test_a_preference_orders_what_requirements_leave_open() -> None:
    edges: dict[str, list[str]] = {"a": [], "b": [], "c": []}
    assert Graph(edges, {"a": ["c"], "b": ["missing"]}).order == ("b", "c", "a")


def test_a_preference_never_beats_a_requirement() -> None:
    edges: dict[str, list[str]] = {"a": [], "b": ["a"]}
    assert Graph(edges, {"a": ["b"]}).order == ("a", "b")


def test_a_circle_of_preferences_is_cut_at_the_smallest_code() -> None:
    edges: dict[str, list[str]] = {"a": [], "b": [], "c": []}
    assert Graph(edges, {"a": ["c"], "b": ["a"], "c": ["b"]}).order == ("a", "b", "c")


def test_a_cycle_is_named_by_its_whole_path() -> None:
    edges = {"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"], "e": []}
    assert cycles(edges) == {"a": ("a", "b", "c", "a"), "b": ("b", "c", "a", "b"), "c": ("c", "a", "b", "c")}


def test_of_two_cycles_each_is_named() -> None:
    edges = {"a": ["b"], "b": ["a", "c"], "c": ["d"], "d": ["c"]}
    assert {code: path[0] for code, path in cycles(edges).items()} == {"a": "a", "b": "b", "c": "c", "d": "d"}
    assert cycles(edges)["c"] == ("c", "d", "c")


def test_what_lies_between_two_cycles_stands_in_neither() -> None:
    edges = {"a": ["b"], "b": ["a", "m"], "m": ["x"], "x": ["y"], "y": ["x"]}
    assert set(cycles(edges)) == {"a", "b", "x", "y"}


def test_ordering_a_cycle_is_refused() -> None:
    with pytest.raises(ValueError, match="cycle"):
        list(ordered({"a": ["b"], "b": ["a"]}, {}))


@settings(max_examples=60, deadline=None)
@given(size=st.integers(1, 200), seed=st.integers(0, 2**32), wishes=st.booleans())
def test_order_and_closures_agree_with_the_obvious_ones(size: int, seed: int, wishes: bool) -> None:
    chance = random.Random(seed)
    edges = random_edges(chance, size)
    names = sorted(edges)
    after = {code: chance.sample(names, min(size, chance.randint(0, 2))) for code in names} if wishes else {}
    after = {code: [each for each in found if each != code] for code, found in after.items()}
    graph = Graph(edges, after)
    assert list(graph.order) == naive_order(edges, after)
    assert Graph(dict(reversed(edges.items())), after).order == graph.order
    for code in chance.sample(names, min(10, size)):
        assert set(graph.codes(graph.closure(graph.bits([code])))) == naive_closure(edges, {code})
        needing = {each for each in names if code in naive_closure(edges, {each})}
        assert set(graph.codes(graph.dependents(graph.bits([code])))) == needing
        assert list(graph.codes(graph.bits(needing))) == [each for each in graph.order if each in needing]
