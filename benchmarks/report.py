"""One table a group: case, CPU minimum and median, ratio to the limit, goal, reached or not."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sqlite3
from collections.abc import Iterator, Sequence

from benchmarks.runner import Result

_PACKAGES = ("flask", "sqlalchemy", "pydantic", "huey", "werkzeug")


def heading() -> list[str]:
    """Machine, load and versions."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in _PACKAGES)
    load = ", ".join(f"{value:.2f}" for value in os.getloadavg())
    return [
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        f"Load {load}",
        f"SQLite {sqlite3.sqlite_version} (standard library), {versions}",
    ]


def table(group: str, results: Sequence[Result]) -> Iterator[str]:
    """The lines of one group's table."""
    yield f"{group:<46} {'CPU min':>10} {'median':>10} {'x limit':>9} {'goal':>7}  reached"
    for row in rows(results):
        ratio = f"{row['ratio']:.2f}" if row["ratio"] is not None else "-"
        goal = f"{row['goal']:g}" if row["goal"] is not None else "-"
        reached = {True: "yes", False: "NO", None: ""}[row["reached"]]  # type: ignore[index]  # bool or None by construction
        yield f"{row['case']!s:<46} {_time(row['minimum_s'])} {_time(row['median_s'])} {ratio:>9} {goal:>7}  {reached}"


def rows(results: Sequence[Result]) -> list[dict[str, object]]:
    """The same as values, for ``--json``; the ratio is of the medians."""
    by_name = {result.case.name: result for result in results}
    found: list[dict[str, object]] = []
    for result in results:
        case = result.case
        ratio = result.median_s / by_name[case.limit].median_s if case.limit else None
        reached = ratio <= case.goal if ratio is not None and case.goal is not None else None
        found.append(
            {
                "case": case.name,
                "minimum_s": result.minimum_s,
                "median_s": result.median_s,
                "ratio": ratio,
                "goal": case.goal,
                "reached": reached,
            }
        )
    return found


def _time(value: object) -> str:
    seconds = float(str(value))
    if seconds < 1e-6:
        return f"{seconds * 1e9:7.1f} ns"
    if seconds < 1e-3:
        return f"{seconds * 1e6:7.1f} us"
    return f"{seconds * 1e3:7.2f} ms"
