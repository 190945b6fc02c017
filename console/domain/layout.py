"""Where each module stands in a drawing of the requirements, and how the lines run; pure, the same for the same graph.

Boxes never overlap, lines run downward and pass between the boxes, and no drawing is wider than ``WIDEST``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from console.domain.layering import Edges, Place, Rows, arranged, line_of, rows_of, steps_of

WIDEST = 1080.0
MARGIN = 14.0
BOX_WIDTH, BOX_HEIGHT = 182.0, 38.0
IN_A_ROW = 5
BETWEEN_BOXES, BESIDE_LINES, BETWEEN_LINES = 16.0, 8.0, 6.0
BETWEEN_ROWS, BETWEEN_LONERS = 46.0, 12.0
HEADING = 40.0
SWEEPS = 8

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """Where a module stands: its upper left corner."""

    code: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Line:
    """The way from a module down to what it requires: a start, pairs of points at the rows it passes, an end."""

    code: str
    need: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A drawing.

    Args:
        loners_y: Where the modules begin that neither require nor are required; None when there are none.
    """

    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    loners_y: float | None = None


def layout(edges: Edges) -> Layout:
    """The drawing of a graph.

    Args:
        edges: Code → codes that it requires; all of them keys too, and without cycles.
    """
    needed = {need for needs in edges.values() for need in needs}
    tied = {code: needs for code, needs in edges.items() if needs or code in needed}
    loners = sorted(code for code in edges if code not in tied)
    rows = rows_of(tied, widest=IN_A_ROW) if tied else []
    middles = _middles(tied, rows)
    boxes = [
        Box(code, _round(middles[number][code, ""] - BOX_WIDTH / 2), _top(number))
        for number, row in enumerate(rows)
        for code in row
    ]
    bottom = MARGIN + len(rows) * (BOX_HEIGHT + BETWEEN_ROWS) - BETWEEN_ROWS if rows else 0.0
    lone, loners_y = _grid(loners, bottom)
    boxes += lone
    lines = tuple(_lines(tied, rows, middles))
    return Layout(
        width=max((*(box.x + BOX_WIDTH for box in boxes), *_across(lines)), default=0.0) + MARGIN,
        height=max((box.y + BOX_HEIGHT for box in boxes), default=0.0) + MARGIN,
        boxes=tuple(sorted(boxes, key=lambda box: (box.y, box.x))),
        lines=lines,
        loners_y=loners_y,
    )


def _grid(codes: list[str], bottom: float) -> tuple[list[Box], float | None]:
    """The modules that stand for themselves, below the others, under a heading when there are others."""
    if not codes:
        return [], None
    top = bottom + HEADING if bottom else MARGIN
    across, down = BOX_WIDTH + BETWEEN_BOXES, BOX_HEIGHT + BETWEEN_LONERS
    boxes = [
        Box(code, MARGIN + place % IN_A_ROW * across, top + place // IN_A_ROW * down)
        for place, code in enumerate(codes)
    ]
    return boxes, top


def _across(lines: Iterable[Line]) -> Iterator[float]:
    return (x for line in lines for x, _y in line.points)


def _top(number: int) -> float:
    return MARGIN + number * (BOX_HEIGHT + BETWEEN_ROWS)


def _round(value: float) -> float:
    return round(value, 1)


# --- across -----------------------------------------------------------------------------------------------------------


def _middles(edges: Edges, rows: list[list[str]]) -> list[dict[Place, float]]:
    """For each row: place → its middle, as near to what it is tied to as the neighbours in the row allow."""
    if not rows:
        return []
    order = arranged(edges, rows)
    offsets = [_offsets(row) for row in order]
    middles = [
        dict(zip(row, (each + (WIDEST - steps[-1]) / 2 for each in steps), strict=True))
        for row, steps in zip(order, offsets, strict=True)
    ]
    pieces = steps_of(edges, rows)
    for sweep in range(SWEEPS):
        numbers = range(len(order)) if sweep % 2 == 0 else range(len(order) - 1, -1, -1)
        for number in numbers:
            row, wanted = order[number], _wanted(order, middles, pieces, number)
            most = WIDEST - MARGIN - _half(row[-1]) - offsets[number][-1]
            spread = _spread(wanted, offsets[number], least=MARGIN + _half(row[0]), most=most)
            middles[number] = dict(zip(row, spread, strict=True))
    left = min(value - _half(place) for row in middles for place, value in row.items()) - MARGIN
    return [{place: value - left for place, value in row.items()} for row in middles]


def _half(place: Place) -> float:
    return 0.0 if place[1] else BOX_WIDTH / 2


def _offsets(row: Sequence[Place]) -> list[float]:
    """How far the middle of each place is from the first one's, at least; lines move together in a full row."""
    pairs = list(pairwise(row))
    fixed = sum(_apart(one, other) for one, other in pairs if not (one[1] and other[1]))
    lines = sum(1 for one, other in pairs if one[1] and other[1])
    room = WIDEST - 2 * MARGIN - _half(row[0]) - _half(row[-1]) - fixed
    narrow = min(BETWEEN_LINES, room / lines) if lines else BETWEEN_LINES
    offsets = [0.0]
    for one, other in pairs:
        offsets.append(offsets[-1] + (narrow if one[1] and other[1] else _apart(one, other)))
    return offsets


def _apart(one: Place, other: Place) -> float:
    return _half(one) + _half(other) + (BESIDE_LINES if one[1] or other[1] else BETWEEN_BOXES)


def _wanted(
    order: Rows, middles: list[dict[Place, float]], pieces: list[list[tuple[Place, Place]]], number: int
) -> list[float]:
    """Where each place of a row would stand if it were alone: in the middle of what it is tied to."""
    tied: dict[Place, list[float]] = {place: [] for place in order[number]}
    if number:
        for upper, lower in pieces[number - 1]:
            tied[lower].append(middles[number - 1][upper])
    if number < len(pieces):
        for upper, lower in pieces[number]:
            tied[upper].append(middles[number + 1][lower])
    return [sum(ends) / len(ends) if ends else middles[number][place] for place, ends in tied.items()]


def _spread(wanted: Sequence[float], offsets: Sequence[float], *, least: float, most: float) -> list[float]:
    """The positions nearest to ``wanted`` (least squares) that keep order and distances, the first in its bounds.

    Source: Ayer et al., "An empirical distribution function for sampling with incomplete information" (1955): pool
    adjacent violators.
    """
    pools: list[tuple[float, int]] = []  # sum, how many
    for value, offset in zip(wanted, offsets, strict=True):
        total, count = value - offset, 1
        while pools and pools[-1][0] / pools[-1][1] > total / count:
            before, many = pools.pop()
            total, count = total + before, count + many
        pools.append((total, count))
    level = [total / count for total, count in pools for _each in range(count)]
    return [min(max(value, least), max(least, most)) + offset for value, offset in zip(level, offsets, strict=True)]


# --- lines ------------------------------------------------------------------------------------------------------------


def _lines(edges: Edges, rows: list[list[str]], middles: list[dict[Place, float]]) -> list[Line]:
    row_of = {code: number for number, row in enumerate(rows) for code in row}
    ways = {(code, need): line_of(code, need, row_of) for code in sorted(edges) for need in sorted(edges[code])}
    at = {
        edge: [middles[row_of[edge[0]] + step][place] for step, place in enumerate(way)] for edge, way in ways.items()
    }
    starts, ends = _ports(at, end=0), _ports(at, end=-1)
    found = []
    for edge, across in at.items():
        first = row_of[edge[0]]
        points = [(starts[edge], _top(first) + BOX_HEIGHT)]
        for step, x in enumerate(across[1:-1], first + 1):
            points += [(x, _top(step)), (x, _top(step) + BOX_HEIGHT)]
        points.append((ends[edge], _top(row_of[edge[1]])))
        found.append(Line(*edge, tuple((_round(x), y) for x, y in points)))
    return found


def _ports(at: Mapping[Place, list[float]], *, end: int) -> dict[Place, float]:
    """Where each line leaves or reaches its box: side by side, in the order in which they come."""
    mine: dict[str, list[Place]] = {}
    for edge in at:
        mine.setdefault(edge[end], []).append(edge)
    found = {}
    for edges in mine.values():
        edges.sort(key=lambda edge: (at[edge][1 if end == 0 else -2], edge))
        step = min(14.0, (BOX_WIDTH - 40) / max(1, len(edges) - 1))
        for place, edge in enumerate(edges):
            found[edge] = at[edge][end] + (place - (len(edges) - 1) / 2) * step
    return found
