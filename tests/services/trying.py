"""Another process that tries to log in: ``python -m tests.services.trying DATABASE_URL DATA_DIR``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from console.errors import TooManyTries
from console.services import throttle
from console.services.throttle import Try
from tests.services.bench import make_bench

ROOT = Path(__file__).resolve().parents[2]
BOB = Try("bob@example.com", "192.0.2.7")
TURNS = 20


def start(url: str, data_dir: Path) -> subprocess.Popen[str]:
    """That process, at work."""
    command = [sys.executable, "-m", "tests.services.trying", url, str(data_dir)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def admitted(url: str, data_dir: Path) -> int:
    """How many of some tries at one moment were let through."""
    bench = make_bench(url, data_dir, ())
    count = 0
    with bench.app.app_context():
        for _turn in range(TURNS):
            try:
                with bench.unit() as uow:
                    throttle.admit(uow, bench.rt, BOB, bench.now)
                count += 1
            except TooManyTries:
                continue
    return count


if __name__ == "__main__":
    sys.stdout.write(str(admitted(sys.argv[1], Path(sys.argv[2]))))
