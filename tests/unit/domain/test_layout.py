"""The drawing of the requirements: nothing overlaps, every line leads down and between the boxes, and it fits."""

from __future__ import annotations

import random
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.layering import arranged, crossings, rows_of, steps_of
from console.domain.layout import BOX_HEIGHT, BOX_WIDTH, IN_A_ROW, MARGIN, WIDEST, Layout, layout

Edges = dict[str, frozenset[str]]


def graph(seed: int, count: int, most: int) -> Edges:
    """Modules of which each requires up to ``most`` earlier ones."""
    chance = random.Random(seed)
    codes = [f"m{number:02}" for number in range(count)]
    return {
        code: frozenset(chance.sample(codes[:at], min(at, chance.randint(0, most)))) for at, code in enumerate(codes)
    }


def graphs() -> st.SearchStrategy[Edges]:
    return st.builds(graph, st.integers(0, 10**6), st.integers(0, 40), st.integers(0, 6))


@given(graphs())
@settings(max_examples=80, deadline=None)
def test_boxes_never_overlap_and_the_drawing_fits(edges: Edges) -> None:
    found = layout(edges)
    assert {box.code for box in found.boxes} == set(edges)
    assert found.width <= WIDEST <= 1200
    for box in found.boxes:
        assert box.x >= MARGIN - 0.1
        assert box.x + BOX_WIDTH <= found.width
        assert box.y + BOX_HEIGHT <= found.height
    for one, other in combinations(found.boxes, 2):
        assert abs(one.y - other.y) >= BOX_HEIGHT or abs(one.x - other.x) >= BOX_WIDTH + 15.8


@given(graphs())
@settings(max_examples=80, deadline=None)
def test_every_line_leads_down_from_a_module_to_what_it_requires(edges: Edges) -> None:
    found = layout(edges)
    at = {box.code: box for box in found.boxes}
    assert {(line.code, line.need) for line in found.lines} == {(one, need) for one in edges for need in edges[one]}
    for line in found.lines:
        heights = [y for _x, y in line.points]
        assert heights == sorted(heights)
        assert heights[0] == at[line.code].y + BOX_HEIGHT < heights[-1] == at[line.need].y
        assert at[line.code].x <= line.points[0][0] <= at[line.code].x + BOX_WIDTH
        assert at[line.need].x <= line.points[-1][0] <= at[line.need].x + BOX_WIDTH


@given(graphs())
@settings(max_examples=80, deadline=None)
def test_lines_pass_between_the_boxes_of_the_rows_they_cross(edges: Edges) -> None:
    found = layout(edges)
    assert [hit for line in found.lines for hit in boxes_hit(found, line.points)] == []


def boxes_hit(found: Layout, points: tuple[tuple[float, float], ...]) -> list[str]:
    passed = {y: x for x, y in points[1:-1]}
    return [box.code for box in found.boxes if box.y in passed and box.x < passed[box.y] < box.x + BOX_WIDTH]


@given(graphs(), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_the_same_graph_is_always_drawn_the_same(edges: Edges, chance: random.Random) -> None:
    shuffled = list(edges.items())
    chance.shuffle(shuffled)
    assert layout(dict(shuffled)) == layout(edges)


@given(graphs())
@settings(max_examples=80, deadline=None)
def test_rows_are_of_limited_width_and_needs_stand_below(edges: Edges) -> None:
    rows = rows_of(edges, widest=IN_A_ROW)
    row_of = {code: number for number, row in enumerate(rows) for code in row}
    assert max((len(row) for row in rows), default=0) <= IN_A_ROW
    assert all(row_of[code] < row_of[need] for code in edges for need in edges[code])


def test_sweeping_takes_crossings_away() -> None:
    edges: Edges = {
        **{name: frozenset() for name in "wxyz"},
        "a": frozenset("z"),
        "b": frozenset("y"),
        "c": frozenset("x"),
        "d": frozenset("w"),
    }
    rows = rows_of(edges, widest=4)
    steps = steps_of(edges, rows)
    assert crossings([[(code, "") for code in sorted(row)] for row in rows], steps) == 6
    assert crossings(arranged(edges, rows), steps) == 0


def test_modules_without_any_tie_stand_apart_under_the_others() -> None:
    found = layout({"orders": frozenset({"payments"}), "payments": frozenset(), "cms": frozenset()})
    at = {box.code: box.y for box in found.boxes}
    assert found.loners_y == at["cms"] > at["payments"] > at["orders"]
    assert layout({"cms": frozenset()}).loners_y == MARGIN
    assert layout({}) == Layout(MARGIN, MARGIN, (), ())


def test_forty_modules_in_a_tight_net_fit_on_a_page() -> None:
    codes = [f"m{number:02}" for number in range(40)]
    edges = {code: frozenset(codes[max(0, at - 3) : at]) for at, code in enumerate(codes)}
    assert layout(edges).width <= WIDEST
    flat = {code: frozenset(codes[:4]) if at > 3 else frozenset() for at, code in enumerate(codes)}
    drawn = layout(flat)
    assert drawn.width <= WIDEST
    assert drawn.height <= 900
