"""The journal: claims, leases, fences, retries, and the end of an operation."""

from __future__ import annotations

from datetime import timedelta

import pytest

from console.domain.plan_types import ModuleStatus
from console.domain.step_log import Line, LineLevel, Progress, Said
from console.domain.words import ModuleState, OperationState, Origin
from console.errors import AuthFailed, ConfigInvalid, NotReady
from console.services import audit, journal, step_lines
from console.services.journal import ClaimedStep, WaitUntil
from console.services.runtime import Message
from console.storage.tables import AuditEntry, OperationStep
from tests.services.bench import Bench, module
from tests.services.conftest import MakeBench

QUICK = {"retry_base_s": 2.0, "hook_attempts": 3, "lease_s": 30.0}


def shop(make: MakeBench, **settings: object) -> tuple[Bench, int]:
    bench = make(module("payments", hooks=True), module("orders", "payments", hooks=True), **{**QUICK, **settings})
    return bench, bench.platform()


def test_steps_run_one_after_the_other_in_order(make: MakeBench) -> None:
    bench, acme = shop(make)
    view = bench.accepted(acme, orders=True)
    first = bench.claimed(acme)
    assert (first.module, first.hook, first.attempt) == ("payments", "on_enable", 1)
    assert bench.operation(view.id).state is OperationState.RUNNING
    assert isinstance(bench.claim(acme), WaitUntil)
    assert bench.succeed(first)
    assert bench.is_open(acme, "payments")
    assert not bench.is_open(acme, "orders")
    second = bench.claimed(acme)
    assert second.module == "orders"
    assert bench.succeed(second)
    assert bench.claim(acme) is None
    ended = bench.operation(view.id)
    assert ended.state is OperationState.SUCCEEDED
    assert ended.finished_at == bench.now


def test_each_finished_step_raises_the_revision_and_is_audited(make: MakeBench) -> None:
    bench, acme = shop(make)
    bench.accepted(acme, payments=True)
    before = bench.revision(acme)
    bench.succeed(bench.claimed(acme))
    assert bench.revision(acme) == before + 1
    entry = audit.listing(bench.session, acme, limit=1)[0]
    assert (entry.action, entry.target, entry.actor) == ("steps.succeeded", "payments", "anna@example.com")
    assert entry.after == {"wanted": True, "origin": "explicit", "state": "enabled"}


def test_an_expired_lease_is_taken_again_and_the_old_holder_changes_nothing(make: MakeBench) -> None:
    bench, acme = shop(make)
    view = bench.accepted(acme, payments=True)
    lost = bench.claimed(acme)
    bench.pass_s(31)
    taken = bench.claimed(acme)
    assert (taken.step_id, taken.attempt, taken.key) == (lost.step_id, 2, lost.key)
    counted, revision = bench.count(AuditEntry), bench.revision(acme)
    assert not bench.succeed(lost)
    assert not bench.fail(lost, RuntimeError("late"))
    assert (bench.count(AuditEntry), bench.revision(acme)) == (counted, revision)
    assert bench.states(view.id) == {"payments": "running"}
    assert bench.succeed(taken)
    assert not bench.succeed(taken)
    assert bench.states(view.id) == {"payments": "succeeded"}


def test_a_lease_that_is_extended_is_not_taken(make: MakeBench) -> None:
    bench, acme = shop(make)
    bench.accepted(acme, payments=True)
    held = bench.claimed(acme)
    bench.pass_s(20)
    with bench.unit() as uow:
        assert journal.extend_lease(uow, held, bench.now)
        assert journal.save_said(uow, held, Said(Progress(3, 10, "gateways")))
    bench.pass_s(20)
    assert bench.claim(acme) == WaitUntil(bench.now + timedelta(seconds=10))
    step = bench.operation(held.operation_id).steps[0]
    assert (step.progress_done, step.progress_total, step.progress_text) == (3, 10, "gateways")


def test_a_lost_claim_can_neither_be_extended_nor_tell_progress(make: MakeBench) -> None:
    bench, acme = shop(make)
    bench.accepted(acme, payments=True)
    lost = bench.claimed(acme)
    bench.pass_s(31)
    bench.claimed(acme)
    with bench.unit() as uow:
        assert not journal.extend_lease(uow, lost, bench.now)
        assert not journal.save_said(
            uow, lost, Said(Progress(1, 1, ""), (Line(bench.now, LineLevel.INFO, "too late"),))
        )
        assert journal.find_claim(uow.session, bench.rt, lost.step_id, lost.fence) is None
    log = step_lines.of_steps(bench.session, [lost.step_id])[lost.step_id]
    assert [line.level.value for line in log] == ["started", "failed", "started"]


def test_a_hook_whose_worker_always_dies_fails_after_its_last_try(make: MakeBench) -> None:
    bench, acme = shop(make)
    view = bench.accepted(acme, payments=True)
    for attempt in (1, 2, 3):
        assert bench.claimed(acme).attempt == attempt
        bench.pass_s(31)
    assert bench.claim(acme) is None
    step = bench.operation(view.id).failed_step
    assert step is not None
    assert step.error is not None
    assert step.error.kind == "worker_lost"
    assert bench.row(acme, "payments") == ModuleStatus(True, Origin.EXPLICIT, ModuleState.FAILED)


def test_errors_are_retried_with_growing_waits_and_then_stop_the_operation(make: MakeBench) -> None:
    bench, acme = shop(make)
    view = bench.accepted(acme, orders=True)
    waits = []
    for _ in range(2):
        bench.fail(bench.claimed(acme), RuntimeError("no network"))
        found = bench.claim(acme)
        assert isinstance(found, WaitUntil)
        waits.append((found.at - bench.now).total_seconds())
        bench.now = found.at
    assert 1.6 <= waits[0] <= 2.4
    assert 4.8 <= waits[1] <= 7.2
    assert Message("platform", acme) in [message for message, delay_s in bench.messenger.sent if delay_s > 0]
    bench.fail(bench.claimed(acme), RuntimeError("no network"))
    ended = bench.operation(view.id)
    assert ended.state is OperationState.FAILED
    failed, skipped = ended.steps
    assert failed.error is not None
    assert (failed.state.value, failed.attempts, failed.error.kind) == ("failed", 3, "RuntimeError")
    assert (failed.error.message, failed.error.traceback) == ("no network", "Traceback …")
    assert skipped.state.value == "skipped"
    assert bench.row(acme, "payments") == ModuleStatus(True, Origin.IMPLIED, ModuleState.FAILED)
    assert bench.row(acme, "orders") == ModuleStatus(True, Origin.EXPLICIT, ModuleState.DISABLED)
    assert bench.claim(acme) is None


def test_not_ready_costs_no_attempt_and_gives_up_after_its_limit(make: MakeBench) -> None:
    bench, acme = shop(make, not_ready_limit_s=3600.0)
    view = bench.accepted(acme, payments=True)
    for _ in range(7):
        claimed = bench.claimed(acme)
        assert claimed.attempt == 1
        bench.fail(claimed, NotReady(600, "waits for the bank"))
        found = bench.claim(acme)
        if found is None:
            break
        assert found == WaitUntil(bench.now + timedelta(seconds=600))
        bench.pass_s(600)
    step = bench.operation(view.id).steps[0]
    assert step.state.value == "failed"
    assert step.error is not None
    assert (step.error.kind, step.error.message) == ("NotReady", "waits for the bank")
    assert bench.now - step.started_at == timedelta(hours=1)  # type: ignore[operator]


@pytest.mark.parametrize("error", [ConfigInvalid("api_key", "is missing"), AuthFailed()])
def test_what_needs_a_person_is_not_retried(make: MakeBench, error: Exception) -> None:
    bench, acme = shop(make)
    view = bench.accepted(acme, payments=True)
    bench.fail(bench.claimed(acme), error)
    step = bench.operation(view.id).failed_step
    assert step is not None
    assert step.error is not None
    assert step.attempts == 1
    assert step.error.field == ("api_key" if isinstance(error, ConfigInvalid) else None)


def test_a_failed_disable_is_not_live_whatever(make: MakeBench) -> None:
    bench, acme = shop(make, hook_attempts=1)
    bench.accepted(acme, orders=True)
    bench.run(acme)
    view = bench.accepted(acme, payments=False)
    bench.fail(bench.claimed(acme), RuntimeError("stuck"))
    assert bench.states(view.id) == {"orders": "failed", "payments": "skipped"}
    assert bench.row(acme, "orders") == ModuleStatus(False, Origin.IMPLIED, ModuleState.FAILED)
    assert bench.row(acme, "payments") == ModuleStatus(False, Origin.EXPLICIT, ModuleState.ENABLED)
    assert not bench.is_open(acme, "orders")
    assert not bench.is_open(acme, "payments")


def test_a_step_whose_requirement_is_not_open_fails_without_its_hook(make: MakeBench) -> None:
    bench, acme = shop(make, hook_attempts=1)
    first = bench.accepted(acme, payments=True)
    second = bench.accepted(acme, orders=True)
    assert [step.module for step in second.steps] == ["orders"]
    bench.fail(bench.claimed(acme), RuntimeError("no"))
    assert bench.claim(acme) is None
    assert bench.operation(first.id).state is OperationState.FAILED
    step = bench.operation(second.id).failed_step
    assert step is not None
    assert step.error is not None
    assert (step.error.kind, step.attempts) == ("requirement_not_live", 0)


def test_a_hook_of_a_module_that_left_the_air_does_not_run(make: MakeBench) -> None:
    bench, acme = shop(make)
    view = bench.accepted(acme, payments=True)
    bench.needs_migration("payments")
    assert bench.claim(acme) is None
    step = bench.operation(view.id).failed_step
    assert step is not None
    assert step.error is not None
    assert step.error.kind == "module_not_live"
    assert "payments needs migration" in step.error.message


def test_a_later_request_takes_back_steps_that_have_not_run(make: MakeBench) -> None:
    bench = make(module("slow", hooks=True), module("orders", hooks=True), module("ads", hooks=True))
    acme = bench.platform()
    bench.accepted(acme, slow=True)
    running = bench.claimed(acme)
    first = bench.accepted(acme, orders=True, ads=True)
    second = bench.accepted(acme, orders=False)
    steps = {step.module: step for step in bench.operation(first.id).steps}
    assert steps["orders"].superseded
    assert steps["ads"].state.value == "pending"
    bench.succeed(running)
    bench.run(acme)
    assert ("on_enable", "orders") not in bench.hooks
    assert bench.row(acme, "orders") == ModuleStatus(False, Origin.EXPLICIT, ModuleState.DISABLED)
    assert bench.is_open(acme, "ads")
    assert bench.operation(first.id).state is OperationState.SUCCEEDED
    assert bench.operation(second.id).state is OperationState.SUCCEEDED


def test_an_operation_of_which_everything_was_taken_back_counts_as_cancelled(make: MakeBench) -> None:
    bench = make(module("slow", hooks=True), module("orders", hooks=True))
    acme = bench.platform()
    bench.accepted(acme, slow=True)
    first = bench.accepted(acme, orders=True)
    bench.accepted(acme, orders=False)
    assert bench.operation(first.id).state is OperationState.CANCELLED


def test_a_hook_that_runs_while_it_is_taken_back_ends_off(make: MakeBench) -> None:
    bench, acme = shop(make)
    bench.accepted(acme, payments=True)
    running = bench.claimed(acme)
    second = bench.accepted(acme, payments=False)
    assert bench.row(acme, "payments").state is ModuleState.DISABLING
    assert bench.succeed(running)
    assert not bench.is_open(acme, "payments")
    later = bench.session.get(OperationStep, bench.operation(second.id).steps[0].id)
    assert later is not None
    assert later.before_state is ModuleState.ENABLED
    bench.run(acme)
    assert bench.hooks == [("on_disable", "payments")]
    assert bench.row(acme, "payments").state is ModuleState.DISABLED


def test_a_hook_that_fails_while_it_is_taken_back_stops_nothing(make: MakeBench) -> None:
    bench, acme = shop(make)
    first = bench.accepted(acme, payments=True)
    running = bench.claimed(acme)
    bench.accepted(acme, payments=False)
    bench.fail(running, RuntimeError("too late to matter"))
    assert bench.operation(first.id).steps[0].superseded
    bench.run(acme)
    assert bench.row(acme, "payments") == ModuleStatus(False, Origin.EXPLICIT, ModuleState.DISABLED)


def test_platforms_do_not_wait_for_each_other(make: MakeBench) -> None:
    bench, acme = shop(make)
    globex = bench.platform("globex")
    bench.accepted(acme, payments=True)
    bench.accepted(globex, payments=True)
    assert bench.claimed(acme).platform_id == acme
    assert bench.claimed(globex).platform_id == globex


def test_the_sweep_finds_what_is_due_and_what_was_lost_and_nothing_else(make: MakeBench) -> None:
    bench, acme = shop(make)
    globex = bench.platform("globex")
    bench.accepted(acme, payments=True)

    def sweep() -> list[Message]:
        with bench.unit() as uow:
            return journal.sweep(uow, bench.rt, bench.now)

    assert sweep() == [Message("platform", acme)]
    bench.claimed(acme)
    assert sweep() == []
    bench.accepted(globex, payments=True)
    assert sweep() == [Message("platform", globex)]
    bench.pass_s(31)
    assert sweep() == [Message("platform", acme), Message("platform", globex)]


def test_the_deadline_is_the_modules_own_or_the_settings(make: MakeBench) -> None:
    bench = make(module("own", hooks=True, hook_timeout_s=3.0), module("other", hooks=True), hook_timeout_s=9.0)
    acme = bench.platform()
    bench.accepted(acme, own=True, other=True)
    found: dict[str, float] = {}
    while isinstance(claimed := bench.claim(acme), ClaimedStep):
        found[claimed.module] = claimed.timeout_s
        bench.succeed(claimed)
    assert found == {"own": 3.0, "other": 9.0}
