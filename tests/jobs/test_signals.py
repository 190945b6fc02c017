"""Whatever a runner inherits from the process that starts it, SIGTERM ends it."""

from __future__ import annotations

import os
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

import pytest

from console.jobs.companion import start_runner
from tests.jobs.conftest import MakeBench
from tests.support.bench import Bench, exited
from tests.support.tree import ROOT, code_of, started
from tests.support.waiting import until


@contextmanager
def deaf() -> Iterator[None]:
    """This process blocks and ignores what it can, as some starters do."""
    signals = (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD)
    handlers = {each: signal.getsignal(each) for each in signals}
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    for each in signals:
        signal.signal(each, signal.SIG_IGN)
    try:
        yield
    finally:
        for each, handler in handlers.items():
            signal.signal(each, handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


@contextmanager
def many_files() -> Iterator[None]:
    """Every descriptor that a select() could take is in use."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 2048) if hard > 0 else 2048, hard))
    taken = [os.open(os.devnull, os.O_RDONLY) for _ in range(1024)]
    try:
        yield
    finally:
        for each in taken:
            os.close(each)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def start(bench: Bench) -> int:
    with bench.app.app_context():
        return start_runner(bench.app, kind="worker", workers=1)


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("circumstance", [deaf, many_files])
def test_a_runner_of_an_odd_starter_works_and_ends(
    make_bench: MakeBench, circumstance: Callable[[], AbstractContextManager[None]]
) -> None:
    bench = make_bench("hooks")
    with circumstance():
        runner = start(bench)
    bench.succeeded(bench.request(slow=True))
    os.kill(runner, signal.SIGTERM)
    assert exited(runner) == 0
    assert not bench.has_runner()


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_stop_at_any_moment_of_the_start_is_heard(make_bench: MakeBench) -> None:
    bench = make_bench("hooks")
    for children in (0, 1, 2):
        runner = start(bench)
        until(partial(has_children, runner, children))
        os.kill(runner, signal.SIGTERM)
        assert exited(runner) in (0, -signal.SIGTERM)


def has_children(pid: int, number: int) -> bool:
    return len(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()) >= number


def test_a_worker_that_waits_for_the_schema_ends_well(tmp_path: Path) -> None:
    with started(code_of("worker"), tmp_path / "output", data_dir=tmp_path) as worker:
        worker.said(re.compile("(waiting for `db upgrade`)"))
        assert worker.stop() == 0
    until(lambda: not worker.left(), what=worker.left)  # the kernel ends the child that waits, after its parent


def test_serve_hears_what_its_starter_ignored(tmp_path: Path) -> None:
    deafen = "import signal, os, sys; signal.pthread_sigmask(signal.SIG_BLOCK, {15}); signal.signal(17, signal.SIG_IGN)"
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "CONSOLE_DATA_DIR": str(tmp_path), "CONSOLE_PORT": "0"}
    command = [sys.executable, "-c", f"{deafen}; os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"]
    with subprocess.Popen(
        [*command, "-m", "console", "serve"], env=variables, stdout=subprocess.PIPE, cwd=tmp_path
    ) as serve:
        assert serve.stdout is not None
        assert b"Module Console is at" in serve.stdout.readline()
        serve.send_signal(signal.SIGTERM)
        assert serve.wait(timeout=30) == 0
