"""Hooks that hang, end their process or are killed in the middle; every success is recorded once."""

from __future__ import annotations

import os
import signal

from console.domain.words import ModuleState, OperationState, StepState
from console.jobs.process import kill_group
from tests.jobs.conftest import MakeBench
from tests.support.bench import Bench, end, exited, is_running
from tests.support.calls import calls, gate
from tests.support.waiting import until

GONE_ONLY_WHEN_SAID = {"lease_s": 3600.0, "heartbeat_s": 600.0}
"""A runner counts as gone once it says so, never because a busy machine made it miss its beats."""


def test_a_hook_that_hangs_is_stopped_at_its_deadline_with_all_that_it_started(make_bench: MakeBench) -> None:
    bench = make_bench("hooks", hook_timeout_s=2.0, hook_attempts=2)
    operation = bench.request(hanging=True)
    with bench.runner(workers=1):
        step = bench.failed(operation)
        children = [call.platform_id for call in calls("hanging.child")]
        assert [pid for pid in children if is_running(pid)] == []
        quick = bench.request(flaky=True)
        bench.ended(quick)
    assert step.error is not None
    assert step.error.kind == "timeout"
    assert step.attempts == len(calls("hanging.on_enable")) == 2
    assert bench.status("hanging").state is ModuleState.FAILED


def test_a_hook_that_ends_its_process_counts_as_tried(make_bench: MakeBench) -> None:
    bench = make_bench("hooks", hook_attempts=2)
    operation = bench.request(quitting=True)
    with bench.runner():
        step = bench.failed(operation)
    assert step.error is not None
    assert step.error.kind == "worker_lost"
    assert step.attempts == len(calls("quitting.on_enable")) == 2


def test_a_worker_killed_in_the_middle_is_replaced_and_the_operation_finishes(make_bench: MakeBench) -> None:
    bench = make_bench("hooks", lease_s=3600.0)
    operation = bench.request(gated=True, follower=True)
    with bench.runner():
        first = until(lambda: calls("gated.on_enable"))[0]
        os.kill(first.pid, signal.SIGKILL)
        until(lambda: len(calls("gated.on_enable")) == 2)
        gate().touch()
        view = bench.succeeded(operation)
    assert [step.attempts for step in view.steps] == [2, 1]
    _expect_each_success_once(bench, "gated", "follower")


def test_a_runner_killed_whole_leaves_nothing_and_the_next_one_finishes(make_bench: MakeBench) -> None:
    """The lease is an hour: who takes over sees that the holder is dead and does not wait for it."""
    bench = make_bench("hooks", lease_s=3600.0)
    operation = bench.request(gated=True, follower=True)
    with bench.runner() as runner:
        first = until(lambda: calls("gated.on_enable"))[0]
        os.kill(runner, signal.SIGKILL)
        until(lambda: not is_running(first.pid))
    assert bench.step(operation, "gated").state is StepState.RUNNING
    gate().touch()
    with bench.runner():
        bench.succeeded(operation)
    assert len(calls("gated.on_enable")) == 2
    _expect_each_success_once(bench, "gated", "follower")


def test_a_lease_that_nobody_extends_is_the_net(make_bench: MakeBench) -> None:
    """The holder is stopped, not dead: its lease runs out, another takes over, and what it says later is dropped."""
    bench = make_bench("hooks", lease_s=1.0, heartbeat_s=0.2)
    operation = bench.request(gated=True)
    with bench.runner():
        first = until(lambda: calls("gated.on_enable"))[0]
        os.kill(first.pid, signal.SIGSTOP)
        until(lambda: len(calls("gated.on_enable")) == 2)
        gate().touch()
        bench.succeeded(operation)
        os.kill(first.pid, signal.SIGCONT)
        until(lambda: len(calls("gated.passed")) == 2)
        until(lambda: bench.status("gated").state is ModuleState.ENABLED)
    _expect_each_success_once(bench, "gated")


def test_a_stop_lets_the_hook_finish_and_leaves_the_rest_for_the_next_start(make_bench: MakeBench) -> None:
    bench = make_bench("hooks", **GONE_ONLY_WHEN_SAID)
    operation = bench.request(gated=True, follower=True)
    with bench.runner() as runner:
        until(lambda: calls("gated.on_enable") and bench.has_runner())
        os.kill(runner, signal.SIGHUP)
        os.kill(runner, signal.SIGTERM)
        until(lambda: not bench.has_runner())  # it takes nothing new any more
        gate().touch()
        assert exited(runner) == 0
    view = bench.operation(operation)
    assert view.state is OperationState.RUNNING
    assert [step.state for step in view.steps] == [StepState.SUCCEEDED, StepState.PENDING]
    with bench.runner():
        bench.succeeded(operation)
    assert len(calls("gated.on_enable")) == 1
    _expect_each_success_once(bench, "gated", "follower")


def test_a_stop_ends_a_hook_that_does_not_finish(make_bench: MakeBench) -> None:
    bench = make_bench("hooks", hook_timeout_s=0.5)
    bench.request(hanging=True)
    with bench.runner() as runner:
        until(lambda: calls("hanging.child"))
        assert end(runner) == 0
        assert [call.pid for call in calls() if is_running(call.pid)] == []


def test_a_second_signal_does_not_wait(make_bench: MakeBench) -> None:
    bench = make_bench("hooks", **GONE_ONLY_WHEN_SAID)
    operation = bench.request(gated=True)
    with bench.runner() as runner:
        until(lambda: calls("gated.on_enable") and bench.has_runner())
        os.kill(runner, signal.SIGTERM)
        until(lambda: not bench.has_runner())
        assert end(runner) == 0
    assert bench.step(operation, "gated").state is StepState.RUNNING
    gate().touch()
    with bench.runner():
        bench.succeeded(operation)
    _expect_each_success_once(bench, "gated")


def test_many_kills_lose_and_double_nothing(make_bench: MakeBench) -> None:
    bench = make_bench("hooks", hook_attempts=50, lease_s=3600.0)
    operations = [bench.request(bench.add_platform(f"p{number}"), slow=True) for number in range(4)]
    killed: set[int] = set()
    with bench.runner():
        while any(bench.operation(each).is_open for each in operations):
            fresh = {call.pid for call in calls("slow.on_enable")} - killed
            for pid in list(fresh)[: 6 - len(killed)]:
                kill_group(pid)
                killed.add(pid)
        for each in operations:
            bench.succeeded(each)
    assert len(killed) == 6
    assert bench.successes("slow") == 4


def _expect_each_success_once(bench: Bench, *codes: str) -> None:
    assert {code: bench.successes(code) for code in codes} == dict.fromkeys(codes, 1)
    assert {code: bench.status(code).state for code in codes} == dict.fromkeys(codes, ModuleState.ENABLED)
