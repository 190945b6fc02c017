"""Waiting for an operation without a worker: the caller brings a runner, and survives what hooks do to it."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from console.errors import OutsideUnitOfWork
from console.jobs.runner import drain
from console.storage.tables import Runner
from console.storage.uow import unit_of_work
from tests.jobs.conftest import MakeBench
from tests.support.bench import Bench, is_running
from tests.support.calls import calls, gate
from tests.support.waiting import until


def waited(bench: Bench, operation: int, *, timeout_s: float | None = 30.0) -> bool:
    with bench.app.app_context():
        return drain(
            bench.app,
            platform_id=bench.platform_id,
            until=lambda: not bench.operation(operation).is_open,
            timeout_s=timeout_s,
        )


def test_the_steps_run_in_a_process_of_their_own_that_ends_afterwards(make_bench: MakeBench) -> None:
    bench = make_bench("hooks")
    operation = bench.request(flaky=True)
    assert waited(bench, operation)
    bench.succeeded(operation)
    runners = {call.pid for call in calls("flaky.on_enable")}
    assert os.getpid() not in runners
    assert [pid for pid in runners if is_running(pid)] == []
    assert not bench.has_runner()


def test_a_hook_that_ends_its_process_leaves_the_caller_alone(make_bench: MakeBench) -> None:
    bench = make_bench("hooks", hook_attempts=2)
    operation = bench.request(quitting=True)
    assert waited(bench, operation)
    assert bench.failed(operation).error is not None
    assert len(calls("quitting.on_enable")) == 2


def test_a_hook_that_hangs_is_stopped_at_its_deadline(make_bench: MakeBench) -> None:
    bench = make_bench("hooks", hook_timeout_s=0.4, hook_attempts=1)
    operation = bench.request(hanging=True)
    assert waited(bench, operation)
    assert bench.failed(operation).attempts == 1
    assert [call.platform_id for call in calls("hanging.child") if is_running(call.platform_id)] == []


def test_when_the_time_is_over_the_operation_is_still_open_and_the_next_runner_finishes_it(
    make_bench: MakeBench,
) -> None:
    bench = make_bench("hooks", lease_s=3600.0)
    operation = bench.request(gated=True)
    assert not waited(bench, operation, timeout_s=1.5)
    assert bench.operation(operation).is_open
    until(lambda: not any(is_running(call.pid) for call in calls()))
    gate().touch()
    assert waited(bench, operation)
    bench.succeeded(operation)


def test_nobody_brings_a_runner_while_one_lives(make_bench: MakeBench) -> None:
    bench = make_bench("hooks")
    with bench.runner(workers=1):
        until(bench.has_runner)
        operation = bench.request(slow=True)
        assert waited(bench, operation)
        assert bench.has_runner()
    assert not bench.has_runner()
    assert len(calls("slow.on_enable")) == 1


def test_a_runner_that_was_killed_is_not_alive(make_bench: MakeBench) -> None:
    bench = make_bench("hooks", heartbeat_s=3600.0)
    with bench.runner(workers=1) as runner:
        until(bench.has_runner)
        os.kill(runner, 9)
        os.waitpid(runner, 0)
        assert not bench.has_runner()


@pytest.mark.parametrize(("ahead_s", "is_alive"), [(-60.0, False), (-1.0, True), (1.0, True), (60.0, False)])
def test_a_runner_counts_by_when_it_was_heard_of_on_a_clock_that_may_be_set_back(
    make_bench: MakeBench, ahead_s: float, is_alive: bool
) -> None:
    bench = make_bench("hooks", heartbeat_s=2.0)
    with bench.app.app_context(), unit_of_work() as uow:
        now = bench.rt.clock()
        seen_at = now + timedelta(seconds=ahead_s)
        uow.session.add(Runner(id="elsewhere:7:7", kind="worker", started_at=now, seen_at=seen_at))
    assert bench.has_runner() is is_alive


def test_inside_a_unit_of_work_it_is_refused(make_bench: MakeBench) -> None:
    bench = make_bench("hooks")
    operation = bench.request(slow=True)
    with bench.app.app_context(), pytest.raises(OutsideUnitOfWork), unit_of_work():
        drain(
            bench.app,
            platform_id=bench.platform_id,
            until=lambda: not bench.operation(operation).is_open,
            timeout_s=1.0,
        )
    assert calls("slow.on_enable") == []
