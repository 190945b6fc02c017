"""``python -m tests.torture [--full] [--database sqlite|postgres|both] [--seed N] [--only NAME…] [--keep]``."""

from __future__ import annotations

import argparse
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.support.postgres import Server, running_server
from tests.torture.grounds import ground
from tests.torture.report import lines
from tests.torture.scenario import Scale
from tests.torture.scenarios import SCENARIOS

KINDS = ("sqlite", "postgres")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the scenarios and print their figures; 1 when one does not hold."""
    options = _options(arguments)
    seed = secrets.randbelow(1_000_000) if options.seed is None else options.seed
    scale = Scale.FULL if options.full else Scale.SHORT
    kinds = KINDS if options.database == "both" else (options.database,)
    _say(f"torture: scale {scale}, seed {seed}")
    failed = []
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="torture-"))
        if options.keep:
            _say(f"everything stays in {folder}")
        else:
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
        server = stack.enter_context(running_server()) if "postgres" in kinds else None
        for name, kind in _pairs(options.only, kinds):
            if not _holds(
                name, folder / f"{name}-{kind}", server if kind == "postgres" else None, seed=seed, scale=scale
            ):
                failed.append(f"{name} on {kind}")
    if failed:
        _say(f"Does not hold with seed {seed}: {', '.join(failed)}")
    return 1 if failed else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run torture", description="Break the console on purpose; count losses.")
    parser.add_argument("--full", action="store_true", help="all the counts: about half an hour a database")
    parser.add_argument("--database", choices=[*KINDS, "both"], default="both")
    parser.add_argument("--seed", type=int, metavar="N", help="make the choices of an earlier run again")
    parser.add_argument("--only", nargs="+", choices=list(SCENARIOS), default=list(SCENARIOS), metavar="NAME")
    parser.add_argument("--keep", action="store_true", help="leave databases and logs behind, and say where")
    return parser.parse_args(arguments)


def _pairs(names: Sequence[str], kinds: Sequence[str]) -> Iterator[tuple[str, str]]:
    return ((name, kind) for name in names for kind in kinds)


def _holds(name: str, folder: Path, server: Server | None, *, seed: int, scale: Scale) -> bool:
    begun = time.monotonic()
    with ground(folder, server, seed=seed, scale=scale) as place:
        figures = SCENARIOS[name](place)
    for line in lines(name, place.database, figures, seconds=time.monotonic() - begun):
        _say(line)
    return figures.holds


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
