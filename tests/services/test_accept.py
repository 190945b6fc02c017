"""Accepting a request: what one transaction writes, and what it refuses."""

from __future__ import annotations

import pytest

from console.domain.plan_types import ChangeRequest, ModuleStatus
from console.domain.words import ModuleState, OperationState, Origin, StepState
from console.errors import Conflict, RuleRefused, Unknown
from console.services import audit, operations, plans
from console.storage.tables import AuditEntry, Operation, OperationStep
from tests.services.bench import ANNA, module
from tests.services.conftest import MakeBench

ON = ModuleStatus(True, Origin.EXPLICIT, ModuleState.ENABLED)


def test_modules_without_hooks_are_on_when_the_request_returns(make: MakeBench) -> None:
    bench = make(module("payments"), module("orders", "payments"))
    acme = bench.platform()
    before = bench.revision(acme)
    view = bench.accepted(acme, orders=True)
    assert view.state is OperationState.SUCCEEDED
    assert [(s.module, s.reason, s.state) for s in view.steps] == [
        ("payments", "required_by:orders", StepState.SUCCEEDED),
        ("orders", "requested", StepState.SUCCEEDED),
    ]
    assert bench.row(acme, "orders") == ON
    assert bench.row(acme, "payments") == ModuleStatus(True, Origin.IMPLIED, ModuleState.ENABLED)
    assert bench.revision(acme) == before + 1 == view.revision
    assert view == bench.operation(view.id)
    assert "platform" not in bench.messenger.kinds()


def test_a_hook_leaves_the_rest_to_a_runner(make: MakeBench) -> None:
    bench = make(module("base"), module("payments", "base", hooks=True), module("orders", "payments"))
    acme = bench.platform()
    view = bench.accepted(acme, orders=True)
    assert view.state is OperationState.RUNNING
    assert bench.states(view.id) == {"base": "succeeded", "payments": "pending", "orders": "pending"}
    assert bench.row(acme, "payments").state is ModuleState.ENABLING
    assert [bench.is_open(acme, code) for code in ("base", "payments", "orders")] == [True, False, False]
    assert bench.messenger.kinds() == ["platform"]


def test_disabling_closes_every_gate_at_once(make: MakeBench) -> None:
    bench = make(module("payments", hooks=True), module("orders", "payments", hooks=True))
    acme = bench.platform()
    bench.accepted(acme, orders=True)
    bench.run(acme)
    view = bench.accepted(acme, payments=False)
    assert [step.module for step in view.steps] == ["orders", "payments"]
    assert not bench.is_open(acme, "orders")
    assert not bench.is_open(acme, "payments")
    assert bench.row(acme, "orders") == ModuleStatus(False, Origin.IMPLIED, ModuleState.DISABLING)


def test_nothing_to_do_writes_nothing(make: MakeBench) -> None:
    bench = make(module("orders"))
    acme = bench.platform()
    bench.accepted(acme, orders=True)
    counted = [bench.count(table) for table in (Operation, OperationStep, AuditEntry)]
    revision = bench.revision(acme)
    assert bench.ask(acme, orders=True) is None
    assert [bench.count(table) for table in (Operation, OperationStep, AuditEntry)] == counted
    assert bench.revision(acme) == revision


def test_core_cannot_be_switched_off(make: MakeBench) -> None:
    bench = make(module("tenancy", is_core=True))
    acme = bench.platform()
    with pytest.raises(RuleRefused) as refused:
        bench.ask(acme, tenancy=False)
    assert refused.value.code == "core_protected"
    assert bench.row(acme, "tenancy").origin is Origin.CORE


def test_unknown_modules_are_answered_with_what_comes_close(make: MakeBench) -> None:
    bench = make(module("orders"))
    acme = bench.platform()
    with pytest.raises(Unknown, match="no module 'order'") as unknown:
        bench.ask(acme, order=True)
    assert unknown.value.hint == "Did you mean 'orders'?"


def test_a_plan_that_is_no_longer_the_plan_is_a_conflict_with_the_new_one(make: MakeBench) -> None:
    bench = make(module("payments"), module("orders", "payments"))
    acme = bench.platform()
    seen = plans.preview(bench.session, bench.rt, acme, ChangeRequest({"orders": True}))
    bench.accepted(acme, payments=True)
    with pytest.raises(Conflict) as stale:
        bench.ask(acme, digest=seen.digest, orders=True)
    new = stale.value.details["plan"]
    assert stale.value.code == "plan_stale"
    assert [step.module for step in new.steps] == ["orders"]  # type: ignore[attr-defined]
    assert bench.ask(acme, digest=new.digest, orders=True) is not None  # type: ignore[attr-defined]


def test_a_change_of_other_modules_leaves_the_digest_alone(make: MakeBench) -> None:
    bench = make(module("orders"), module("analytics"))
    acme = bench.platform()
    seen = plans.preview(bench.session, bench.rt, acme, ChangeRequest({"orders": True}))
    bench.accepted(acme, analytics=True)
    assert bench.ask(acme, digest=seen.digest, orders=True) is not None


def test_asking_for_an_implied_module_makes_it_explicit_in_one_step_without_hook(make: MakeBench) -> None:
    bench = make(module("payments", hooks=True), module("orders", "payments"))
    acme = bench.platform()
    bench.accepted(acme, orders=True)
    bench.run(acme)
    bench.hooks.clear()
    view = bench.accepted(acme, payments=True)
    assert [(s.action.value, s.hook, s.state.value) for s in view.steps] == [("configure", False, "succeeded")]
    assert bench.row(acme, "payments") == ON
    assert bench.hooks == []


def test_each_changed_module_has_one_audit_entry_with_before_and_after(make: MakeBench) -> None:
    bench = make(module("payments"), module("orders", "payments"))
    acme = bench.platform()
    view = bench.ask(acme, note="for the sale", orders=True)
    entries = [e for e in audit.listing(bench.session, acme) if e.action == "modules.enable"]
    assert view is not None
    assert [(e.target, e.actor, e.reason, e.operation_id) for e in entries] == [
        ("orders", "anna@example.com", "for the sale", view.id),
        ("payments", "anna@example.com", "for the sale", view.id),
    ]
    assert entries[0].before == {"wanted": False, "origin": None, "state": "disabled"}
    assert entries[0].after == {"wanted": True, "origin": "explicit", "state": "enabled"}
    assert entries[0].request_id == "r-1"


def test_later_requests_wait_for_an_open_operation(make: MakeBench) -> None:
    bench = make(module("slow", hooks=True), module("quick"))
    acme = bench.platform()
    first = bench.accepted(acme, slow=True)
    second = bench.accepted(acme, quick=True)
    assert second.state is OperationState.QUEUED
    assert bench.row(acme, "quick").state is ModuleState.ENABLING
    bench.run(acme)
    assert [bench.operation(each.id).state.value for each in (first, second)] == ["succeeded", "succeeded"]


def test_an_archived_platform_takes_no_request(make: MakeBench) -> None:
    from console.services import platforms

    bench = make(module("orders"))
    acme = bench.platform()
    with bench.unit() as uow:
        platforms.archive(uow, bench.rt, acme, actor=ANNA, now=bench.now)
    with pytest.raises(RuleRefused, match="archived"):
        bench.ask(acme, orders=True)


def test_a_blocked_request_names_its_rule_and_carries_the_plan(make: MakeBench) -> None:
    bench = make(module("stripe", conflicts=["paypal"]), module("paypal"))
    acme = bench.platform()
    bench.accepted(acme, paypal=True)
    with pytest.raises(RuleRefused) as refused:
        bench.ask(acme, stripe=True)
    assert refused.value.code == "conflict"
    assert refused.value.details["plan"].blocked  # type: ignore[attr-defined]
    assert not bench.is_open(acme, "stripe")


def test_operations_are_listed_newest_first_and_paged(make: MakeBench) -> None:
    bench = make(module("one"), module("two"), module("three"))
    acme = bench.platform()
    made = [bench.accepted(acme, **{code: True}).id for code in ("one", "two", "three")]
    listed = [view.id for view in operations.of_platform(bench.session, acme, limit=2)]
    assert listed == made[:0:-1]
    older = operations.of_platform(bench.session, acme, limit=2, before=listed[-1])
    assert [view.id for view in older] == made[:1]
