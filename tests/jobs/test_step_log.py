"""What hooks say is kept line by line while they run, bounded, without secrets, and outlives their process."""

from __future__ import annotations

import os
import signal

from console.domain.step_log import KEPT, LENGTH, LogLine
from console.services import operations
from console.storage.uow import read_session
from tests.jobs.conftest import MakeBench
from tests.support.bench import Bench
from tests.support.calls import calls, gate
from tests.support.waiting import until

SECRET = "sk-4242"


def log_of(bench: Bench, operation: int) -> tuple[LogLine, ...]:
    with bench.app.app_context():
        view = operations.get(read_session(), operation, log=True)
    return next(step.log or () for step in view.steps if step.hook)


def said(bench: Bench, operation: int) -> list[tuple[str, str]]:
    return [(line.level.value, line.text) for line in log_of(bench, operation)]


def test_lines_are_stored_while_the_hook_runs_and_survive_its_process(make_bench: MakeBench) -> None:
    bench = make_bench("hooks", hook_attempts=2, lease_s=3600.0)
    operation = bench.request(talking=True)
    spoken = [("warning", "asking the gateway with ********"), ("progress", "half way")]
    with bench.runner(workers=1):
        first = until(lambda: calls("talking.on_enable"))[0]
        until(lambda: said(bench, operation)[1:] == spoken, what=lambda: said(bench, operation))
        os.kill(first.pid, signal.SIGKILL)
        until(lambda: len(calls("talking.on_enable")) == 2)
        until(lambda: len(said(bench, operation)) == 7, what=lambda: said(bench, operation))
        lines = log_of(bench, operation)
        gate().touch()
    assert [line.level.value for line in lines if line.attempt == 1] == ["started", "warning", "progress", "failed"]
    assert lines[3].text == "worker_lost: The hook ended its process."
    assert [(line.level.value, line.text) for line in lines if line.attempt == 2][1:] == spoken


def test_a_flood_keeps_its_newest_lines_and_no_secret(make_bench: MakeBench) -> None:
    bench = make_bench("hooks", hook_attempts=1)
    operation = bench.request(talking=True)
    gate().touch()
    with bench.runner(workers=1):
        step = bench.failed(operation)
    lines = log_of(bench, operation)
    assert len(lines) == KEPT
    assert {len(line.text) for line in lines[:-1]} == {LENGTH}
    assert lines[-2].text.startswith("line 299 ")
    assert (lines[-1].level.value, lines[-1].text) == ("failed", "RuntimeError: refused: ********")
    assert step.error is not None
    assert SECRET not in f"{lines} {step.error}"


def test_every_try_says_how_it_ended(make_bench: MakeBench) -> None:
    bench = make_bench("hooks")
    flaky, unready = bench.request(flaky=True), bench.request(unready=True)
    with bench.runner():
        bench.succeeded(flaky)
        bench.succeeded(unready)
    assert [level for level, _text in said(bench, flaky)] == [
        "started",
        "failed",
        "started",
        "failed",
        "started",
        "done",
    ]
    assert said(bench, unready)[1][0] == "waiting"
