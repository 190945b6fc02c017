"""``python -m benchmarks [gate toggle] [--rounds N] [--json FILE]``."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import gate, toggle
from benchmarks.report import heading, rows, table
from benchmarks.runner import Case, measure
from benchmarks.stage import Stage, build

GROUPS: dict[str, Callable[[Stage], list[Case]]] = {"gate": gate.cases, "toggle": toggle.cases}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the groups and print their tables; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("groups", nargs="*", choices=[*GROUPS, []], help="which groups (all when none is named)")
    parser.add_argument("--rounds", type=int, default=60, help="samples of each case")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args(arguments)
    lines = heading()
    sys.stdout.write("\n".join(lines) + "\n")
    figures: dict[str, object] = {"machine": lines}
    missed = False
    for name in options.groups or GROUPS:
        with tempfile.TemporaryDirectory() as folder:
            results = measure(GROUPS[name](build(Path(folder))), rounds=options.rounds)
        sys.stdout.write("\n" + "\n".join(table(name, results)) + "\n")
        figures[name] = rows(results)
        missed = missed or any(row["reached"] is False for row in rows(results))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
