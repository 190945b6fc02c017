"""Hooks that take their time, raise, wait, or find something wrong: the states of the architecture, section 4."""

from __future__ import annotations

from console.domain.plan_types import ModuleStatus
from console.domain.words import ModuleState, Origin, StepState
from tests.jobs.conftest import MakeBench
from tests.support.calls import calls, gate
from tests.support.waiting import until

ON = ModuleStatus(wanted=True, origin=Origin.EXPLICIT, state=ModuleState.ENABLED)
FAILED = ModuleStatus(wanted=True, origin=Origin.EXPLICIT, state=ModuleState.FAILED)


def test_a_hook_says_how_far_it_is_while_it_runs(make_bench: MakeBench) -> None:
    bench = make_bench("hooks")
    operation = bench.request(slow=True)
    with bench.runner():
        until(lambda: bench.step(operation, "slow").progress_text == "half way")
        assert bench.step(operation, "slow").state is StepState.RUNNING
        assert bench.status("slow").state is ModuleState.ENABLING
        step = bench.succeeded(operation).steps[0]
    assert (step.progress_done, step.progress_total, step.progress_text) == (2, 2, "all done")
    assert step.attempts == 1
    assert bench.status("slow") == ON
    assert [call.attempt for call in calls("slow.on_enable")] == [1]


def test_switching_off_runs_the_other_hook(make_bench: MakeBench) -> None:
    bench = make_bench("hooks")
    on = bench.request(slow=True)
    with bench.runner():
        bench.succeeded(on)
        off = bench.request(slow=False)
        bench.succeeded(off)
    assert bench.status("slow").state is ModuleState.DISABLED
    assert [call.name for call in calls()] == ["slow.on_enable", "slow.on_disable"]


def test_a_hook_that_raises_is_tried_again_and_then_rests_as_failed(make_bench: MakeBench) -> None:
    bench = make_bench("hooks")
    operation = bench.request(raising=True)
    with bench.runner():
        step = bench.failed(operation)
    tries = calls("raising.on_enable")
    assert [call.attempt for call in tries] == [1, 2, 3]
    assert len({call.key for call in tries}) == 1
    assert step.attempts == 3
    assert step.error is not None
    assert (step.error.kind, step.error.message) == ("RuntimeError", "no luck today")
    assert "RuntimeError: no luck today" in (step.error.traceback or "")
    assert bench.status("raising") == FAILED


def test_a_hook_that_leaves_the_interpreter_failed(make_bench: MakeBench) -> None:
    bench = make_bench("hooks", hook_attempts=1)
    operation = bench.request(leaving=True)
    with bench.runner():
        step = bench.failed(operation)
    assert step.error is not None
    assert step.error.message == "I am off"


def test_a_hook_may_need_three_tries(make_bench: MakeBench) -> None:
    bench = make_bench("hooks")
    operation = bench.request(flaky=True)
    with bench.runner():
        step = bench.succeeded(operation).steps[0]
    assert step.attempts == 3
    assert step.error is None
    assert bench.status("flaky") == ON
    assert bench.successes("flaky") == 1


def test_waiting_costs_no_attempt(make_bench: MakeBench) -> None:
    bench = make_bench("hooks", hook_attempts=2)
    operation = bench.request(unready=True)
    with bench.runner():
        step = bench.succeeded(operation).steps[0]
    assert [call.attempt for call in calls("unready.on_enable")] == [1, 1, 1, 1]
    assert step.attempts == 1


def test_waiting_has_an_end(make_bench: MakeBench) -> None:
    bench = make_bench("hooks", not_ready_limit_s=0.5)
    operation = bench.request(neverready=True)
    with bench.runner():
        step = bench.failed(operation)
    assert step.error is not None
    assert (step.error.kind, step.error.message) == ("NotReady", "still closed")
    assert len(calls("neverready.on_enable")) > 1


def test_a_wrong_configuration_is_not_tried_again(make_bench: MakeBench) -> None:
    bench = make_bench("hooks")
    operation = bench.request(misconfigured=True)
    with bench.runner():
        step = bench.failed(operation)
    assert step.error is not None
    assert (step.error.kind, step.error.field) == ("ConfigInvalid", "api_key")
    assert len(calls("misconfigured.on_enable")) == 1


def test_refused_credentials_are_not_tried_again(make_bench: MakeBench) -> None:
    bench = make_bench("hooks")
    operation = bench.request(unauthorised=True)
    with bench.runner():
        step = bench.failed(operation)
    assert step.error is not None
    assert (step.error.kind, step.error.message) == ("AuthFailed", "the gateway said no")
    assert len(calls("unauthorised.on_enable")) == 1


def test_a_hook_may_hold_the_write_lock_and_still_reports(make_bench: MakeBench) -> None:
    bench = make_bench("hooks", busy_timeout_s=0.1)
    operation = bench.request(locking=True)
    with bench.runner():
        step = bench.succeeded(operation).steps[0]
    assert step.progress_text == "inside"
    assert len(calls("locking.on_enable")) == step.attempts  # a second try when its own write found the database busy


def test_operations_of_one_platform_run_one_after_the_other(make_bench: MakeBench) -> None:
    bench = make_bench("hooks")
    first, second = bench.request(slow=True), bench.request(flaky=True)
    with bench.runner():
        bench.succeeded(second)
        assert not bench.operation(first).is_open
    names = [call.name for call in calls()]
    assert names.index("slow.on_enable") < names.index("flaky.on_enable")


def test_platforms_run_beside_each_other(make_bench: MakeBench) -> None:
    bench = make_bench("hooks")
    south = bench.add_platform("south")
    stuck = bench.request(gated=True)
    quick = bench.request(south, flaky=True)
    with bench.runner():
        until(lambda: calls("gated.on_enable"))
        bench.succeeded(quick)
        assert bench.operation(stuck).is_open
        gate().touch()
        bench.succeeded(stuck)
