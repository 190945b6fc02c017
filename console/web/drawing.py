"""The requirements of all modules as a picture: the layout of the domain in the words and looks of a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from console.domain.layout import BOX_HEIGHT, BOX_WIDTH, Layout, Line, layout
from console.domain.registry import Registry

LONGEST = 21
"""Letters of a name that fit into a box; fewer beside a lock."""
BESIDE_A_LOCK = 18
TIP = 5.0
LOOKS = {
    "on": "circle-check",
    "off": "circle-dashed",
    "busy": "loader-circle",
    "waiting": "clock",
    "attention": "triangle-alert",
    "failed": "circle-x",
    "missing": "ban",
}
"""Look → its symbol: state is told by shape, never by colour alone."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a module stands where the picture is shown.

    Args:
        word: Its state, for people.
        href: Where its box leads; None when there is nothing to see.
    """

    name: str
    look: str
    word: str
    href: str | None
    core: bool = False


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A module at the other end of a line."""

    code: str
    name: str
    href: str | None


@dataclass(frozen=True, slots=True)
class Node:
    """A module in the picture, and its row in the table beside it."""

    code: str
    label: str
    standing: Standing
    symbol: str
    x: float
    y: float
    requires: tuple[Neighbour, ...]
    required_by: tuple[Neighbour, ...]


@dataclass(frozen=True, slots=True)
class Wire:
    """A line of the picture: from a module down to what it requires, upward only in a circle of requirements."""

    code: str
    need: str
    path: str
    look: str
    down: bool
    up: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """The picture and the facts of the table beside it."""

    width: float
    height: float
    loners_y: float | None
    nodes: tuple[Node, ...]
    wires: tuple[Wire, ...]
    box_width: float = BOX_WIDTH
    box_height: float = BOX_HEIGHT


def draw(registry: Registry, standing_of: Callable[[str], Standing]) -> Drawing:
    """The picture of all installed modules and of what they require but nobody installed."""
    drawn, turned = _layout(registry)
    standings = {box.code: standing_of(box.code) for box in drawn.boxes}
    needs = {code: sorted(registry.requires(code)) if code in registry else [] for code in standings}

    def neighbours(codes: Iterator[str]) -> tuple[Neighbour, ...]:
        return tuple(Neighbour(each, standings[each].name, standings[each].href) for each in codes)

    nodes = [
        Node(
            code=box.code,
            label=_short(standings[box.code]),
            standing=standings[box.code],
            symbol=LOOKS[standings[box.code].look],
            x=box.x,
            y=box.y,
            requires=neighbours(iter(needs[box.code])),
            required_by=neighbours(code for code in sorted(needs) if box.code in needs[code]),
        )
        for box in drawn.boxes
    ]
    wires = tuple(_wire(line, needs, turned, standings) for line in drawn.lines)
    return Drawing(drawn.width, drawn.height, drawn.loners_y, tuple(nodes), wires)


@lru_cache(maxsize=8)
def _layout(registry: Registry) -> tuple[Layout, frozenset[tuple[str, str]]]:
    """The layout, computed once per registry, and the lines in it that stand for a requirement the other way round.

    What a rule refuses is drawn too, since the table names it: the line that would close a circle is turned.
    """
    edges: dict[str, set[str]] = {code: set(registry.edges(code)) for code in registry}
    turned = set()
    for code in registry:
        for need in sorted(registry.requires(code)):
            edges.setdefault(need, set())
            if need not in edges[code] and _reaches(edges, need, code):
                edges[need].add(code)
                turned.add((need, code))
            else:
                edges[code].add(need)
    return layout(edges), frozenset(turned)


def _reaches(edges: dict[str, set[str]], start: str, end: str) -> bool:
    todo, seen = [start], {start}
    for code in todo:  # grows while it is read
        todo += edges[code] - seen
        seen |= edges[code]
    return end in seen


def _wire(
    line: Line, needs: dict[str, list[str]], turned: frozenset[tuple[str, str]], standings: dict[str, Standing]
) -> Wire:
    upper, lower = standings[line.code].look, standings[line.need].look
    on = ("on", "attention")
    look = "on" if upper in on and lower in on else "off"
    if lower == "missing" or (line.code, line.need) in turned:
        look = "bad"
    return Wire(
        code=line.code,
        need=line.need,
        path=path_of(line),
        look=look,
        down=line.need in needs[line.code],
        up=(line.code, line.need) in turned,
    )


def path_of(line: Line) -> str:
    """The line as an SVG path: bent between the rows, straight where it passes one."""
    (x, y), *between, (end_x, end_y) = line.points
    parts = [f"M{x:g} {y:g}"]
    for number, (to_x, to_y) in enumerate([*between, (end_x, end_y - TIP)]):
        if number % 2:
            parts.append(f"V{to_y:g}")
        else:
            middle = (y + to_y) / 2
            parts.append(f"C{x:g} {middle:g} {to_x:g} {middle:g} {to_x:g} {to_y:g}")
        x, y = to_x, to_y
    return "".join(parts)


def _short(standing: Standing) -> str:
    most = BESIDE_A_LOCK if standing.core else LONGEST
    return standing.name if len(standing.name) <= most else standing.name[: most - 1].rstrip() + "…"
