"""Retry, keep, undo, cancel and force."""

from __future__ import annotations

import pytest

from console.domain.plan_types import ModuleStatus
from console.domain.words import ModuleState, OperationKind, OperationState, Origin
from console.errors import Conflict, RuleRefused, Unknown, UsageError
from console.services import audit, recovery
from console.services.operation_views import OperationView
from tests.services.bench import ANNA, Bench, module
from tests.services.conftest import MakeBench

OFF = ModuleStatus()


def shop(make: MakeBench) -> tuple[Bench, int]:
    bench = make(
        module("payments", hooks=True), module("orders", "payments", hooks=True), module("ads"), hook_attempts=1
    )
    return bench, bench.platform()


def failed_at(bench: Bench, acme: int, view: OperationView, code: str) -> OperationView:
    """Let the operation fail at that module's hook."""
    while (claimed := bench.claimed(acme)).module != code:
        bench.succeed(claimed)
    bench.fail(claimed, RuntimeError("boom"))
    ended = bench.operation(view.id)
    assert ended.state is OperationState.FAILED
    return ended


def act(bench: Bench, name: str, operation_id: int, *args: object, **more: object) -> OperationView | None:
    with bench.unit() as uow:
        function = getattr(recovery, name)
        result: OperationView | None = function(uow, bench.rt, operation_id, *args, actor=ANNA, now=bench.now, **more)
    return result


def test_retry_goes_on_from_the_failed_step(make: MakeBench) -> None:
    bench, acme = shop(make)
    view = bench.accepted(acme, orders=True)
    failed_at(bench, acme, view, "orders")
    again = act(bench, "retry", view.id)
    assert again is not None
    assert (again.id, again.state) == (view.id, OperationState.QUEUED)
    assert bench.row(acme, "orders").state is ModuleState.ENABLING
    bench.run(acme)
    assert bench.hooks == [("on_enable", "orders")]
    assert bench.operation(view.id).state is OperationState.SUCCEEDED
    assert bench.is_open(acme, "orders")


def test_a_retried_operation_waits_for_the_one_that_runs(make: MakeBench) -> None:
    bench, acme = shop(make)
    view = bench.accepted(acme, payments=True)
    failed_at(bench, acme, view, "payments")
    later = bench.accepted(acme, ads=True)
    assert later.state is OperationState.SUCCEEDED
    other = bench.accepted(acme, orders=True)
    running = bench.claimed(acme)
    assert running.operation_id == other.id
    with pytest.raises(Conflict) as overtaken:
        act(bench, "retry", view.id)
    assert overtaken.value.code == "operation_overtaken"


def test_only_a_failed_operation_can_be_retried_or_kept(make: MakeBench) -> None:
    bench, acme = shop(make)
    view = bench.accepted(acme, ads=True)
    for name in ("retry", "keep"):
        with pytest.raises(RuleRefused) as refused:
            act(bench, name, view.id)
        assert refused.value.code == "operation_not_failed"
    with pytest.raises(Unknown):
        act(bench, "retry", 999)


def test_keep_makes_what_failed_and_what_was_skipped_wanted_off(make: MakeBench) -> None:
    bench, acme = shop(make)
    view = bench.accepted(acme, orders=True)
    failed_at(bench, acme, view, "payments")
    kept = act(bench, "keep", view.id)
    assert kept is not None
    assert kept.state is OperationState.KEPT
    for code in ("payments", "orders"):
        row = bench.row(acme, code)
        assert (row.wanted, row.state) == (False, ModuleState.DISABLED)
    assert bench.claim(acme) is None


def test_keep_takes_along_what_waits_for_the_module(make: MakeBench) -> None:
    bench, acme = shop(make)
    view = bench.accepted(acme, payments=True)
    waiting = bench.accepted(acme, orders=True)
    failed_at(bench, acme, view, "payments")
    act(bench, "keep", view.id)
    assert bench.row(acme, "orders").wanted is False
    assert bench.operation(waiting.id).state is OperationState.CANCELLED
    assert bench.claim(acme) is None


def test_a_kept_disable_is_off_and_settled(make: MakeBench) -> None:
    bench, acme = shop(make)
    bench.accepted(acme, orders=True)
    bench.run(acme)
    view = bench.accepted(acme, payments=False)
    failed_at(bench, acme, view, "orders")
    act(bench, "keep", view.id)
    assert [bench.row(acme, code).state for code in ("orders", "payments")] == [ModuleState.DISABLED] * 2


def test_undo_restores_wanted_and_origin_of_exactly_its_modules(make: MakeBench) -> None:
    bench, acme = shop(make)
    bench.accepted(acme, orders=True)
    bench.run(acme)
    off = bench.accepted(acme, payments=False)
    bench.run(acme)
    back = act(bench, "undo", off.id)
    assert back is not None
    assert (back.kind, back.undoes_id) == (OperationKind.UNDO, off.id)
    bench.run(acme)
    assert bench.row(acme, "payments") == ModuleStatus(True, Origin.IMPLIED, ModuleState.ENABLED)
    assert bench.row(acme, "orders") == ModuleStatus(True, Origin.EXPLICIT, ModuleState.ENABLED)
    assert bench.operation(off.id).state is OperationState.UNDONE
    with pytest.raises(RuleRefused) as over:
        act(bench, "undo", off.id)
    assert over.value.code == "operation_over"


def test_the_plan_of_an_undo_calls_nothing_unneeded_that_gets_its_reason_back(make: MakeBench) -> None:
    bench, acme = shop(make)
    bench.accepted(acme, orders=True)
    bench.run(acme)
    off = bench.accepted(acme, payments=False)
    bench.run(acme)
    plan = recovery.undo_plan(bench.session, bench.rt, off.id)
    assert [step.module for step in plan.steps] == ["payments", "orders"]
    assert [notice.code for notice in plan.warnings if notice.code == "unneeded"] == []


def test_undo_switches_off_what_was_implied_too(make: MakeBench) -> None:
    bench, acme = shop(make)
    on = bench.accepted(acme, orders=True)
    bench.run(acme)
    act(bench, "undo", on.id)
    bench.run(acme)
    assert bench.row(acme, "payments") == bench.row(acme, "orders") == OFF


def test_undo_gives_an_origin_back(make: MakeBench) -> None:
    bench, acme = shop(make)
    bench.accepted(acme, orders=True)
    bench.run(acme)
    explicit = bench.accepted(acme, payments=True)
    assert bench.row(acme, "payments").origin is Origin.EXPLICIT
    back = act(bench, "undo", explicit.id)
    assert back is not None
    assert [(s.action.value, s.state.value) for s in back.steps] == [("configure", "succeeded")]
    assert bench.row(acme, "payments").origin is Origin.IMPLIED


def test_undo_of_a_failed_operation_takes_everything_of_it_back(make: MakeBench) -> None:
    bench, acme = shop(make)
    view = bench.accepted(acme, orders=True)
    failed_at(bench, acme, view, "orders")
    act(bench, "undo", view.id)
    bench.run(acme)
    assert bench.row(acme, "payments") == bench.row(acme, "orders") == OFF


def test_undo_conflicts_when_a_later_operation_touched_one_of_its_modules(make: MakeBench) -> None:
    bench, acme = shop(make)
    first = bench.accepted(acme, payments=True)
    bench.run(acme)
    bench.accepted(acme, payments=False)
    bench.run(acme)
    bench.accepted(acme, payments=True)
    bench.run(acme)
    with pytest.raises(Conflict) as conflict:
        act(bench, "undo", first.id)
    assert conflict.value.code == "undo_conflict"
    assert conflict.value.details["modules"] == ["payments"]
    assert conflict.value.details["plan"]


def test_undo_conflicts_when_others_would_go_with_it(make: MakeBench) -> None:
    bench, acme = shop(make)
    first = bench.accepted(acme, payments=True)
    bench.run(acme)
    bench.accepted(acme, orders=True)
    bench.run(acme)
    with pytest.raises(Conflict, match="also change orders"):
        act(bench, "undo", first.id)
    assert bench.is_open(acme, "orders")


def test_undo_lists_what_cannot_be_undone_and_keeps_to_the_plan_that_was_shown(make: MakeBench) -> None:
    bench = make(module("seed", on_enable=lambda platform_id: None))
    acme = bench.platform()
    view = bench.accepted(acme, seed=True)
    bench.run(acme)
    plan = recovery.undo_plan(bench.session, bench.rt, view.id)
    assert [notice.code for notice in plan.warnings] == ["not_undone"]
    with pytest.raises(Conflict) as stale:
        act(bench, "undo", view.id, digest="0" * 64)
    assert stale.value.code == "plan_stale"
    assert act(bench, "undo", view.id, digest=plan.digest) is not None


def test_an_open_operation_is_cancelled_not_undone(make: MakeBench) -> None:
    bench, acme = shop(make)
    view = bench.accepted(acme, payments=True)
    with pytest.raises(RuleRefused) as refused:
        act(bench, "undo", view.id)
    assert refused.value.code == "operation_open"


def test_cancel_takes_a_queued_operation_back_whole(make: MakeBench) -> None:
    bench, acme = shop(make)
    view = bench.accepted(acme, orders=True)
    cancelled = act(bench, "cancel", view.id)
    assert cancelled is not None
    assert cancelled.state is OperationState.CANCELLED
    assert bench.row(acme, "orders") == bench.row(acme, "payments") == OFF
    assert bench.claim(acme) is None


def test_cancel_between_tries_keeps_what_is_done(make: MakeBench) -> None:
    bench = make(module("payments", hooks=True), module("orders", "payments", hooks=True), hook_attempts=3)
    acme = bench.platform()
    view = bench.accepted(acme, orders=True)
    bench.succeed(bench.claimed(acme))
    running = bench.claimed(acme)
    with pytest.raises(RuleRefused) as refused:
        act(bench, "cancel", view.id)
    assert refused.value.code == "step_running"
    bench.fail(running, RuntimeError("again"))
    act(bench, "cancel", view.id)
    assert bench.is_open(acme, "payments")
    assert bench.row(acme, "orders") == OFF


def test_cancel_refuses_to_break_a_requirement(make: MakeBench) -> None:
    bench, acme = shop(make)
    first = bench.accepted(acme, payments=True)
    bench.accepted(acme, orders=True)
    with pytest.raises(Conflict) as conflict:
        act(bench, "cancel", first.id)
    assert (conflict.value.code, conflict.value.details["modules"]) == (
        "cancel_conflict",
        ["orders", "payments"],
    )
    assert bench.row(acme, "payments").wanted


def test_cancel_refuses_to_bring_back_what_a_later_request_conflicts_with(make: MakeBench) -> None:
    bench = make(module("stripe", hooks=True), module("paypal", conflicts=["stripe"]))
    acme = bench.platform()
    bench.accepted(acme, stripe=True)
    bench.run(acme)
    off = bench.accepted(acme, stripe=False)
    bench.accepted(acme, paypal=True)
    with pytest.raises(Conflict) as conflict:
        act(bench, "cancel", off.id)
    assert conflict.value.code == "cancel_conflict"
    assert not bench.row(acme, "stripe").wanted


def test_cancel_refuses_when_it_has_taken_back_an_earlier_request(make: MakeBench) -> None:
    bench = make(module("slow", hooks=True), module("orders", hooks=True))
    acme = bench.platform()
    bench.accepted(acme, slow=True)
    bench.accepted(acme, orders=True)
    off = bench.accepted(acme, orders=False)
    with pytest.raises(Conflict, match="earlier request for orders"):
        act(bench, "cancel", off.id)


def test_force_ends_a_failed_disable_without_its_hook_and_goes_on(make: MakeBench) -> None:
    bench, acme = shop(make)
    bench.accepted(acme, orders=True)
    bench.run(acme)
    view = bench.accepted(acme, payments=False)
    failed_at(bench, acme, view, "orders")
    bench.hooks.clear()
    with pytest.raises(UsageError):
        act(bench, "force", view.id, "orders", note=" ")
    forced = act(bench, "force", view.id, "orders", note="the bank is gone")
    assert forced is not None
    assert forced.steps[0].forced
    assert bench.row(acme, "orders").state is ModuleState.DISABLED
    bench.run(acme)
    assert bench.hooks == [("on_disable", "payments")]
    assert bench.operation(view.id).state is OperationState.SUCCEEDED
    entry = next(e for e in audit.listing(bench.session, acme) if e.action == "operations.force")
    assert (entry.target, entry.reason) == ("orders", "the bank is gone")


def test_only_switching_off_can_be_forced(make: MakeBench) -> None:
    bench, acme = shop(make)
    view = bench.accepted(acme, payments=True)
    failed_at(bench, acme, view, "payments")
    with pytest.raises(RuleRefused) as refused:
        act(bench, "force", view.id, "1", note="now")
    assert refused.value.code == "force_only_off"
    with pytest.raises(Unknown):
        act(bench, "force", view.id, "7", note="now")


def test_core_can_neither_be_cancelled_nor_undone_away(make: MakeBench) -> None:
    bench = make(module("tenancy", is_core=True, hooks=True), hook_attempts=1)
    acme = bench.platform()
    from console.services import operations

    created = operations.of_platform(bench.session, acme)[0]
    with pytest.raises(RuleRefused) as refused:
        act(bench, "cancel", created.id)
    assert refused.value.code == "core_protected"
    bench.fail(bench.claimed(acme), RuntimeError("no"))
    act(bench, "keep", created.id)
    assert bench.row(acme, "tenancy").wanted
    assert bench.is_open(acme, "tenancy")
    with pytest.raises(RuleRefused) as protected:
        act(bench, "undo", created.id)
    assert protected.value.code == "core_protected"
