"""Snapshots, what a plan means for people, and what module code may ask."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel

from console.domain.menu import MenuItem
from console.domain.plan_types import ChangeRequest
from console.domain.registry import InstalledModule, build
from console.domain.words import FrontendType
from console.errors import ConfigInvalid, RuleRefused, Unknown
from console.services import plans, snapshots, vendors
from console.services.module_service import ModuleService
from console.services.plans import HookCall
from console.services.snapshots import SnapshotCache
from console.storage.base import db
from console.storage.uow import unit_of_work
from tests.services.bench import ANNA, Bench, Statements, module
from tests.services.conftest import MakeBench


def test_a_snapshot_is_read_once_for_each_revision(make: MakeBench) -> None:
    bench = make(module("orders"))
    acme = bench.platform()
    first = snapshots.current(bench.session, bench.rt, acme)
    with Statements() as executed:
        assert snapshots.current(bench.session, bench.rt, acme) is first
    assert len(executed) == 1
    bench.accepted(acme, orders=True)
    second = snapshots.current(bench.session, bench.rt, acme)
    assert (first.is_open("orders"), second.is_open("orders")) == (False, True)
    assert second.revision == first.revision + 1


def test_statements_do_not_grow_with_modules(make: MakeBench) -> None:
    bench = make(*(module(f"m{number}") for number in range(40)))
    acme = bench.platform()
    bench.accepted(acme, **{f"m{number}": True for number in range(40)})
    with Statements() as executed:
        snapshots.load(bench.session, bench.rt, acme)
    assert len(executed) == 6


def test_what_is_not_committed_is_never_kept(make: MakeBench) -> None:
    bench = make(module("orders"), module("ads"))
    acme = bench.platform()
    with pytest.raises(InterruptedError), unit_of_work() as uow:
        bench.accepted(acme, orders=True)
        assert snapshots.current(uow.session, bench.rt, acme).is_open("orders")
        raise InterruptedError
    bench.accepted(acme, ads=True)
    snapshot = snapshots.current(bench.session, bench.rt, acme)
    assert (snapshot.is_open("orders"), snapshot.is_open("ads")) == (False, True)


def test_the_cache_is_bounded_and_can_be_emptied(make: MakeBench) -> None:
    bench = make(module("orders"))
    bench.rt.snapshots = SnapshotCache(limit=2)
    ids = [bench.platform(slug) for slug in ("one", "two", "three")]
    for platform_id in ids:
        snapshots.current(bench.session, bench.rt, platform_id)
    assert len(bench.rt.snapshots) == 2
    bench.rt.snapshots.clear()
    assert len(bench.rt.snapshots) == 0
    with pytest.raises(Unknown):
        snapshots.current(bench.session, bench.rt, 999)


def with_menus(bench: Bench) -> None:
    """Orders with a menu item in both frontends, payments with one for admins."""
    orders = module("orders", "payments", hooks=True)
    payments = module("payments", hooks=True)
    both = (MenuItem("orders", FrontendType.ADMIN), MenuItem("orders", FrontendType.VENDOR))
    gateways = (MenuItem("gateways", FrontendType.ADMIN),)
    found = [
        InstalledModule("orders", orders, "testing.orders", Path("nowhere"), "path", menu=both),
        InstalledModule("payments", payments, "testing.payments", Path("nowhere"), "path", menu=gateways),
    ]
    endpoints = {"admin.orders.orders", "vendor.orders.orders", "admin.payments.gateways"}
    bench.rt.registry = build(found).with_entries(endpoints)


def test_the_impact_of_a_plan_names_vendors_menu_items_and_hooks(make: MakeBench) -> None:
    bench = make()
    with_menus(bench)
    acme = bench.platform()
    with bench.unit() as uow:
        for slug in ("petal", "gear-lab"):
            vendors.create(uow, bench.rt, acme, slug, name=slug, actor=ANNA, now=bench.now)
    plan = plans.preview(bench.session, bench.rt, acme, ChangeRequest({"orders": True}))
    impact = plans.impact(bench.session, bench.rt, plan)
    assert impact.vendors == 2
    assert {frontend: [entry.id for entry in entries] for frontend, entries in impact.menu_gained.items()} == {
        FrontendType.ADMIN: ["gateways", "orders"],
        FrontendType.VENDOR: ["orders"],
    }
    assert impact.menu_lost == {}
    assert impact.hooks == (HookCall("payments", "on_enable"), HookCall("orders", "on_enable"))
    bench.accepted(acme, orders=True)
    bench.run(acme)
    off = plans.preview(bench.session, bench.rt, acme, ChangeRequest({"payments": False}))
    assert [entry.id for entry in plans.impact(bench.session, bench.rt, off).menu_lost[FrontendType.VENDOR]] == [
        "orders"
    ]


def test_a_change_that_vendors_do_not_notice_counts_none_of_them(make: MakeBench) -> None:
    bench = make()
    with_menus(bench)
    acme = bench.platform()
    with bench.unit() as uow:
        vendors.create(uow, bench.rt, acme, "petal", name="Petal", actor=ANNA, now=bench.now)
    plan = plans.preview(bench.session, bench.rt, acme, ChangeRequest({"payments": True}))
    assert plans.impact(bench.session, bench.rt, plan).vendors == 0


class BillingConfig(BaseModel):
    trial_days: int = 14


def service(bench: Bench) -> ModuleService:
    return ModuleService(lambda: bench.rt, lambda: ANNA)


def test_module_code_asks_in_the_words_of_the_guide(make: MakeBench) -> None:
    bench = make(module("billing", features=["invoices"], config_schema=BillingConfig), module("cms", is_core=True))
    acme = bench.platform()
    module_service = service(bench)
    assert not module_service.is_enabled(db, acme, "billing")
    assert module_service.get_module_config(db, acme, "billing") == {"trial_days": 14}
    assert module_service.enable(db, acme, "billing") is not None
    assert module_service.enable(db, acme, "billing") is None
    assert module_service.is_enabled(bench.session, acme, "billing")
    assert module_service.feature_enabled(db.session, acme, "invoices")
    module_service.set_module_config(db, acme, "billing", {"trial_days": 30})
    assert module_service.get_module_config(bench.session, acme, "billing") == {"trial_days": 30}
    with pytest.raises(ConfigInvalid):
        module_service.set_module_config(db, acme, "billing", {"trial_days": "many"})
    assert module_service.disable(db, acme, "billing") is not None
    with pytest.raises(RuleRefused):
        module_service.disable(db, acme, "cms")
    for ask in (module_service.is_enabled, module_service.feature_enabled, module_service.get_module_config):
        with pytest.raises(Unknown):
            ask(db, acme, "bills")


def test_a_module_is_not_on_while_its_on_enable_runs(make: MakeBench) -> None:
    seen: list[bool] = []
    bench = make(module("orders", on_enable=lambda platform_id: seen.append(ask(platform_id))))

    def ask(platform_id: int) -> bool:
        return service(bench).is_enabled(db, platform_id, "orders")

    acme = bench.platform()
    bench.accepted(acme, orders=True)
    bench.run(acme)
    assert seen == [False]
    assert ask(acme)


def test_setting_config_joins_the_open_unit_of_work(make: MakeBench) -> None:
    bench = make(module("billing", config_schema=BillingConfig))
    acme = bench.platform()
    with pytest.raises(InterruptedError), unit_of_work():
        service(bench).set_module_config(db, acme, "billing", {"trial_days": 30})
        raise InterruptedError
    assert service(bench).get_module_config(db, acme, "billing") == {"trial_days": 14}
