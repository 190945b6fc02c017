"""Platforms and vendors, what they begin with, and what a start brings in line."""

from __future__ import annotations

import pytest

from console.domain.health import Report
from console.domain.plan_types import ModuleStatus
from console.domain.registry import build
from console.domain.words import HealthStatus, ModuleState, OperationKind, Origin, Role
from console.errors import RuleRefused, Unknown, UsageError
from console.services import audit, demo, health, operations, platforms, reconcile, vendors, why
from console.services.operation_views import OperationView
from console.storage.tables import Operation, Platform, User, Vendor
from tests.services.bench import ANNA, Bench, installed, module
from tests.services.conftest import MakeBench

TENANCY, CMS = module("tenancy", is_core=True), module("cms", "tenancy", is_core=True, hooks=True)


def created(bench: Bench, platform_id: int) -> OperationView:
    return operations.of_platform(bench.session, platform_id)[-1]


def reconciled(bench: Bench) -> list[OperationView]:
    with bench.unit() as uow:
        return reconcile.run(uow, bench.rt, bench.now)


def test_a_new_platform_gets_core_and_default_modules_in_an_operation(make: MakeBench) -> None:
    bench = make(TENANCY, CMS, module("mail"), module("news", "mail", default_enabled=True), module("orders"))
    acme = bench.platform()
    view = created(bench, acme)
    assert view.kind is OperationKind.CREATE
    bench.run(acme)
    assert {code: bench.row(acme, code).origin for code in ("tenancy", "cms", "news", "mail", "orders")} == {
        "tenancy": Origin.CORE,
        "cms": Origin.CORE,
        "news": Origin.DEFAULT,
        "mail": Origin.IMPLIED,
        "orders": None,
    }
    assert bench.hooks == [("on_enable", "cms")]
    assert bench.is_open(acme, "news")


def test_a_blocked_default_does_not_keep_a_platform_from_being_made(make: MakeBench) -> None:
    bench = make(TENANCY, module("news", default_enabled=True), module("blog", "news", default_enabled=True))
    bench.needs_migration("news")
    acme = bench.platform()
    assert [step.module for step in created(bench, acme).steps] == ["tenancy"]


def test_slugs_are_checked_and_unique(make: MakeBench) -> None:
    bench = make()
    acme = bench.platform()
    with pytest.raises(RuleRefused) as taken:
        bench.platform()
    assert taken.value.code == "platform_exists"
    for slug in ("Acme", "a b", "-a", "a/b", ""):
        with pytest.raises(UsageError, match="cannot stand in a URL"):
            bench.platform(slug)
    with bench.unit() as uow:
        vendors.create(uow, bench.rt, acme, "petal", name="Petal", actor=ANNA, now=bench.now)
    with pytest.raises(RuleRefused) as twice, bench.unit() as uow:
        vendors.create(uow, bench.rt, acme, "petal", name="Petal", actor=ANNA, now=bench.now)
    assert twice.value.code == "vendor_exists"
    assert bench.count(Platform) == bench.count(Vendor) == 1


def test_names_that_do_not_exist_are_answered_with_what_comes_close(make: MakeBench) -> None:
    bench = make()
    bench.platform()
    with pytest.raises(Unknown) as unknown:
        platforms.by_slug(bench.session, "acmee")
    assert unknown.value.hint == "Did you mean 'acme'?"
    with pytest.raises(Unknown):
        vendors.by_slug(bench.session, "nobody")


def test_archiving_closes_every_gate_and_keeps_the_rows(make: MakeBench) -> None:
    bench = make(module("orders"))
    acme = bench.platform()
    bench.accepted(acme, orders=True)
    with bench.unit() as uow:
        platforms.archive(uow, bench.rt, acme, actor=ANNA, now=bench.now)
    assert not bench.is_open(acme, "orders")
    assert bench.row(acme, "orders").wanted
    assert platforms.listing(bench.session) == []
    assert [each.slug for each in platforms.listing(bench.session, archived=True)] == ["acme"]
    assert audit.listing(bench.session, acme)[0].action == "platforms.archive"


def test_a_core_module_that_came_later_is_one_operation_for_each_platform(make: MakeBench) -> None:
    bench = make(TENANCY, module("mail"))
    acme, globex = bench.platform(), bench.platform("globex")
    assert reconciled(bench) == []
    bench.rt.registry = build(installed([TENANCY, module("mail"), CMS]))
    made = reconciled(bench)
    assert [(view.platform_id, view.kind, view.actor) for view in made] == [
        (acme, OperationKind.RECONCILE, "system"),
        (globex, OperationKind.RECONCILE, "system"),
    ]
    assert reconciled(bench) == []
    bench.run(acme)
    assert bench.row(acme, "cms") == ModuleStatus(True, Origin.CORE, ModuleState.ENABLED)


def test_a_module_that_became_core_is_switched_on(make: MakeBench) -> None:
    bench = make(module("mail"))
    acme = bench.platform()
    bench.accepted(acme, mail=True)
    bench.accepted(acme, mail=False)
    bench.rt.registry = build(installed([module("mail", is_core=True)]))
    assert [step.module for step in reconciled(bench)[0].steps] == ["mail"]
    assert bench.row(acme, "mail").origin is Origin.CORE


def test_the_demo_has_platforms_and_vendors_and_no_account(make: MakeBench) -> None:
    bench = make(TENANCY, module("payments", hooks=True), module("analytics"))
    with bench.unit() as uow:
        assert demo.fill(uow, bench.rt, bench.now)
    assert [each.slug for each in platforms.listing(bench.session)] == ["acme", "globex"]
    acme = platforms.by_slug(bench.session, "acme").id
    assert vendors.listing(bench.session, acme)
    assert bench.is_open(acme, "analytics")
    assert bench.count(User) == 0
    counted = bench.count(Operation)
    with bench.unit() as uow:
        assert not demo.fill(uow, bench.rt, bench.now)
    assert bench.count(Operation) == counted


def test_health_reports_are_the_last_ones_of_open_modules(make: MakeBench) -> None:
    bench = make(module("orders"), module("mail"), module("ads"))
    acme = bench.platform()
    bench.accepted(acme, orders=True, mail=True)
    with bench.unit() as uow:
        for message in ("first", "second"):
            health.store(uow, "orders", Report(HealthStatus.DEGRADED, message, {"queue": 3}), now=bench.now)
        health.store(uow, "ads", Report(HealthStatus.HEALTHY), now=bench.now)
        health.store(uow, "mail", Report(HealthStatus.HEALTHY, "ours"), now=bench.now, platform_id=acme)
        health.store(uow, "mail", Report(HealthStatus.UNHEALTHY, "shared"), now=bench.now)
    shown = {view.code: view for view in health.listing(bench.session, bench.rt, acme)}
    assert list(shown) == ["mail", "orders"]
    assert (shown["orders"].status, shown["orders"].message) == (HealthStatus.DEGRADED, "second")
    assert shown["mail"].message == "ours"
    everything = health.as_json(health.listing(bench.session, bench.rt))
    assert [m["code"] for m in everything["modules"]] == ["ads", "mail", "orders"]  # type: ignore[attr-defined]


def test_why_names_every_fact_and_they_add_up_to_the_gate(make: MakeBench) -> None:
    bench = make(
        module("payments", features=["refunds"]), module("orders", "payments"), module("tools", is_internal=True)
    )
    acme, globex = bench.platform(), bench.platform("globex")
    with bench.unit() as uow:
        vendors.create(uow, bench.rt, acme, "petal", name="Petal", actor=ANNA, now=bench.now)
    bench.accepted(acme, orders=True, tools=True)

    def told(platform_id: int, name: str, vendor: str | None = None) -> list[why.Fact]:
        return why.explain(bench.session, bench.rt, platform_id, name, vendor)

    assert why.is_on(told(acme, "orders", "petal"))
    assert why.is_on(told(acme, "refunds"))
    assert any("it requires payments, which is on" in fact.text for fact in told(acme, "orders"))
    assert any(fact.source.endswith("by anna@example.com") for fact in told(acme, "orders"))
    off = [fact.text for fact in told(globex, "orders", "petal") if not fact.holds]
    assert off == [
        "it is wanted off",
        "its state is disabled",
        "it requires payments, which is not on",
        "the vendor petal does not belong to globex",
    ]
    assert [fact.text for fact in told(acme, "tools", "petal") if not fact.holds] == [
        "an internal module never shows to vendors"
    ]
    with pytest.raises(Unknown):
        told(acme, "refund")


def test_roles_of_vendors_are_audited_on_their_platform(make: MakeBench) -> None:
    from console.services import users

    bench = make()
    acme = bench.platform()
    with bench.unit() as uow:
        petal = vendors.create(uow, bench.rt, acme, "petal", name="Petal", actor=ANNA, now=bench.now)
        users.create(uow, "p@example.com", role=Role.VENDOR_OWNER, vendor_id=petal.id, actor=ANNA, now=bench.now)
    assert audit.listing(bench.session, acme, action="users.create")[0].target == "p@example.com"
    assert [user.email for user in users.listing(bench.session, platform_id=acme)] == ["p@example.com"]
