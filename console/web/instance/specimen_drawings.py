"""Further specimens of the style guide: drawings, activity and requests, with made-up numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace as Specimen

BOX = (150.0, 36.0)
LOOKS = ("on", "off", "busy", "waiting", "failed", "missing")
SYMBOLS = ("circle-check", "power-off", "loader-circle", "clock", "circle-x", "unplug")


def drawing(url: str) -> Specimen:
    """A module in every look, the first of them required by the others."""
    nodes = [_node(at, url) for at in range(len(LOOKS))]
    middle = BOX[0] / 2
    wires = [
        Specimen(path=f"M{node.x + middle} {node.y} L{nodes[0].x + middle} {BOX[1]}", look=look, down=True, up=False)
        for node, look in zip(nodes[3:], ("on", "off", "bad"), strict=True)
    ]
    size = {"width": 500.0, "height": 130.0, "box_width": BOX[0], "box_height": BOX[1], "loners_y": 120}
    return Specimen(nodes=nodes, wires=wires, words=list(zip(LOOKS, SYMBOLS, LOOKS, strict=True)), **size)


def _node(at: int, url: str) -> Specimen:
    look = LOOKS[at]
    standing = Specimen(href=url if at % 2 else "", name=look.title(), word=look, look=look, core=at == 0)
    near = [Specimen(href=url, name="Payments"), Specimen(href="", name="missing")] if at else []
    place = {"x": 5.0 + at % 3 * 165, "y": 5.0 + at // 3 * 80}
    return Specimen(
        code=f"look-{look}",
        label=look.title(),
        symbol=SYMBOLS[at],
        standing=standing,
        requires=near,
        required_by=[],
        **place,
    )


def branches(url: str) -> list[Specimen]:
    """A tree of requirements with a branch that stands above already."""
    leaf = Specimen(name="Payments", href=url, look="on", symbol="circle-check", word="On", shown_above=True, below=())
    return [Specimen(name="Orders", href="", look="failed", symbol="circle-x", word="Failed", below=(leaf,))]


def activity(now: datetime) -> Specimen:
    """Thirty days of three series."""
    days = [(now - timedelta(days=back)).date() for back in range(30)]
    names = ("changes", "operations", "failures")
    rows = [Specimen(day=day, counts=[at % 7, at % 3, at % 11 == 0]) for at, day in enumerate(days)]
    return Specimen(series=[_series(name, at, rows) for at, name in enumerate(names)], rows=rows[:3], height=28)


def _series(name: str, at: int, rows: list[Specimen]) -> Specimen:
    counts = [int(row.counts[at]) for row in rows]
    bars = [
        Specimen(x=day * 4, y=28 - 4 * max(count, 1), height=4 * max(count, 1), count=count, text=f"{count} on a day")
        for day, count in enumerate(counts)
    ]
    said = {"label": name.title(), "summary": f"{sum(counts)} in thirty days", "total": sum(counts), "today": counts[0]}
    return Specimen(name=name, width=120, bars=bars, **said)


def entries(now: datetime) -> Iterator[Specimen]:
    """A module of the catalog in every standing."""
    asked = {"created_at": now, "actor": "owner@example.test", "note": "For the winter sale.", "answered_at": now}
    asked |= {"answered_by": "ada@example.test", "answer_note": "Not before spring."}
    yield Specimen(code="on", on=True, waits=False, request=None)
    yield Specimen(code="waits", on=False, waits=True, request=Specimen(answer=None, **asked))
    for answer in ("declined", "granted"):
        yield Specimen(code=answer, on=False, waits=False, request=Specimen(answer=answer, **asked))
    yield Specimen(code="off", on=False, waits=False, request=None)
