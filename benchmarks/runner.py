"""Runs cases round-robin and keeps thread CPU time; wall time is not stable on shared machines."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Case:
    """One thing to measure.

    Args:
        name: What the table calls it.
        run: Called ``loops`` times per sample.
        loops: Calls per sample, so that a sample takes at least some 100 microseconds.
        limit: Name of the case that it is compared with, in the same group.
        goal: The ratio to reach, or None for a case that only serves as a limit.
    """

    name: str
    run: Callable[[], object]
    loops: int = 1
    limit: str | None = None
    goal: float | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """CPU seconds of one call: the best and the median sample."""

    case: Case
    minimum_s: float
    median_s: float


def measure(cases: Sequence[Case], *, rounds: int) -> list[Result]:
    """Sample every case once in each round, so that drift of the machine meets all of them alike."""
    samples: dict[str, list[float]] = {case.name: [] for case in cases}
    for case in cases:
        case.run()
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            for case in cases:
                samples[case.name].append(_sample(case))
    finally:
        gc.enable()
    return [Result(case, min(samples[case.name]), statistics.median(samples[case.name])) for case in cases]


def _sample(case: Case) -> float:
    run = case.run
    start = time.thread_time_ns()
    for _ in range(case.loops):
        run()
    return (time.thread_time_ns() - start) / case.loops / 1e9
