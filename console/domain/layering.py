"""Rows for a drawing of the requirements: which modules stand in a row, and in which order, so that few lines cross.

Every line leads downward, from a module to what it requires. A line that passes rows has a place in each of them, so
that the boxes make room for it.

Source: Coffman and Graham, "Optimal scheduling for two-processor systems" (1972), for rows of limited width; Sugiyama,
Tagawa and Toda, "Methods for visual understanding of hierarchical system structures" (1981), for the order in a row.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Collection, Mapping
from itertools import pairwise

Edges = Mapping[str, Collection[str]]
Place = tuple[str, str]
"""``(code, "")`` is the place of a module, ``(code, need)`` one of the line between the two in a row that it passes."""
Rows = list[list[Place]]
SWEEPS = 12


def rows_of(edges: Edges, *, widest: int) -> list[list[str]]:
    """The codes in rows from top to bottom, at most ``widest`` in each; what a module requires stands below it.

    Args:
        edges: Code → codes that it requires; all of them keys too, and without cycles.
    """
    rank = _ranks(edges)
    rows: list[list[str]] = [[]]
    placed: set[str] = set()
    below: set[str] = set()  # in the rows under the one that is being filled
    while len(placed) < len(edges):
        ready = [code for code in edges if code not in placed and set(edges[code]) <= placed]
        code = max(ready, key=rank.__getitem__)
        if len(rows[-1]) == widest or not set(edges[code]) <= below:
            rows.append([])
            below = set(placed)
        rows[-1].append(code)
        placed.add(code)
    return rows[::-1]


def _ranks(edges: Edges) -> dict[str, int]:
    """Code → rank: the deeper the pile of modules on top of one, the higher, so that it comes to stand low."""
    users: dict[str, list[str]] = {code: [] for code in edges}
    for code, needs in edges.items():
        for need in needs:
            users[need].append(code)
    rank: dict[str, int] = {}
    while len(rank) < len(edges):
        ready = [code for code in edges if code not in rank and all(each in rank for each in users[code])]
        first = min(ready, key=lambda code: (sorted((rank[each] for each in users[code]), reverse=True), code))
        rank[first] = len(rank)
    return rank


def arranged(edges: Edges, rows: list[list[str]]) -> Rows:
    """The rows with the places of passing lines, in an order with few crossings; the same for the same graph."""
    places = _with_passing_lines(edges, rows)
    steps = steps_of(edges, rows)
    best, fewest = [list(row) for row in places], crossings(places, steps)
    for sweep in range(SWEEPS):
        if not fewest:
            break
        places = _swept(places, steps, downward=sweep % 2 == 0)
        found = crossings(places, steps)
        if found < fewest:
            best, fewest = [list(row) for row in places], found
    return best


def steps_of(edges: Edges, rows: list[list[str]]) -> list[list[tuple[Place, Place]]]:
    """For each row but the last: the pieces of lines that lead from its places to those of the next row."""
    row_of = {code: number for number, row in enumerate(rows) for code in row}
    steps: list[list[tuple[Place, Place]]] = [[] for _row in rows[1:]]
    for code in sorted(edges):
        for need in sorted(edges[code]):
            path = line_of(code, need, row_of)
            for offset, pair in enumerate(pairwise(path)):
                steps[row_of[code] + offset].append(pair)
    return steps


def line_of(code: str, need: str, row_of: Mapping[str, int]) -> list[Place]:
    """The places of the line from ``code`` to ``need``, one in each row."""
    return [(code, ""), *[(code, need)] * (row_of[need] - row_of[code] - 1), (need, "")]


def _with_passing_lines(edges: Edges, rows: list[list[str]]) -> Rows:
    row_of = {code: number for number, row in enumerate(rows) for code in row}
    places: Rows = [[(code, "") for code in sorted(row)] for row in rows]
    for code in sorted(edges):
        for need in sorted(edges[code]):
            for number in range(row_of[code] + 1, row_of[need]):
                places[number].append((code, need))
    return places


def _swept(places: Rows, steps: list[list[tuple[Place, Place]]], *, downward: bool) -> Rows:
    """The rows one after the other in the order of the middle of what each place is tied to in the row before."""
    done = [list(row) for row in places]
    numbers = range(1, len(done)) if downward else range(len(done) - 2, -1, -1)
    for number in numbers:
        other = number - 1 if downward else number + 1
        at = {place: index for index, place in enumerate(done[other])}
        tied: dict[Place, list[int]] = {place: [] for place in done[number]}
        for upper, lower in steps[min(number, other)]:
            here, there = (lower, upper) if downward else (upper, lower)
            tied[here].append(at[there])
        was = {place: index for index, place in enumerate(done[number])}
        scale = len(done[other]) / max(1, len(done[number]))
        middle = {
            place: sum(ends) / len(ends) if ends else was[place] * scale  # what is tied to nothing stays about there
            for place, ends in tied.items()
        }
        done[number].sort(key=lambda place, middle=middle, was=was: (middle[place], was[place]))  # type: ignore[misc]
    return done


def crossings(places: Rows, steps: list[list[tuple[Place, Place]]]) -> int:
    """How many pairs of lines cross between the rows."""
    found = 0
    for number, pieces in enumerate(steps):
        upper = {place: index for index, place in enumerate(places[number])}
        lower = {place: index for index, place in enumerate(places[number + 1])}
        seen: list[int] = []
        for _start, end in sorted((upper[start], lower[end]) for start, end in pieces):
            found += len(seen) - bisect_right(seen, end)
            insort(seen, end)
    return found
