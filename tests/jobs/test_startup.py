"""``on_startup``: once in each process, before anything else; whatever it does, the process goes on."""

from __future__ import annotations

from console.jobs.board import Board
from console.jobs.startup import run_startups
from tests.jobs.conftest import MakeBench
from tests.support.calls import calls
from tests.support.waiting import until


def test_a_module_that_cannot_start_up_gets_a_badge(make_bench: MakeBench) -> None:
    bench = make_bench("startup/mild", hook_timeout_s=1.5)
    watched: list[bool] = []
    run_startups(bench.app, Board(1).slots[0], alive=lambda: watched.append(True))
    assert bench.rt.startup_failures == {
        "asleep": "on_startup did not end within 1.5 s",
        "unstartable": "RuntimeError: cannot start",
    }
    assert len(calls("ready.on_startup")) == 1
    assert watched


def test_a_module_that_failed_is_not_started_again(make_bench: MakeBench) -> None:
    bench = make_bench("startup/mild", hook_timeout_s=1.5)
    bench.rt.startup_failures["asleep"] = "known"
    run_startups(bench.app)
    assert calls("asleep.on_startup") == []
    assert bench.rt.startup_failures["asleep"] == "known"


def test_every_worker_starts_modules_up_before_its_first_step(make_bench: MakeBench) -> None:
    bench = make_bench("startup/mild", hook_timeout_s=1.5)
    operation = bench.request(ready=True)
    with bench.runner(workers=2):
        bench.succeeded(operation)
        until(lambda: len(calls("ready.on_startup")) == 2)
    worker = calls("ready.on_enable")[0].pid
    names = [call.name for call in calls() if call.pid == worker]
    assert names.index("ready.on_startup") < names.index("ready.on_enable")
    assert worker in {call.pid for call in calls("ready.on_startup")}


def test_a_module_that_ends_the_process_does_not_keep_the_others_from_working(make_bench: MakeBench) -> None:
    bench = make_bench("startup/deadly")
    operation = bench.request(survivor=True)
    with bench.runner(workers=1):
        bench.succeeded(operation)
    assert len(calls("gone.on_startup")) == 1
    assert len(calls("survivor.on_startup")) == 1
