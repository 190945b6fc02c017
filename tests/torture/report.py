"""The figures of a run as people read them: a line each for what was done, what must be zero, and what went wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tests.torture.scenario import Figures

LINES_TOLD = 20


def lines(name: str, database: str, figures: Figures, *, seconds: float) -> Iterator[str]:
    """A scenario's part of the report."""
    verdict = "holds" if figures.holds else "DOES NOT HOLD"
    yield f"{name:<24} {database:<9} {verdict:<14} {seconds:7.1f} s"
    yield f"    done   {_counts(figures.done)}"
    yield f"    zeros  {_counts(figures.zeros)}"
    yield from (f"    {line}" for line in figures.told[:LINES_TOLD])
    if len(figures.told) > LINES_TOLD:
        yield f"    … and {len(figures.told) - LINES_TOLD} more lines"


def _counts(counts: Mapping[str, int]) -> str:
    return " · ".join(f"{name} {count:,}" for name, count in counts.items())
