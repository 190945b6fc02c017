"""The snapshot: what is open on a platform, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from console.domain.codes import Tier
from console.domain.menu import MenuEntry
from console.domain.plan_types import ModuleStatus, Notice
from console.domain.registry import Registry
from console.domain.snapshot import Snapshot, build_snapshot
from console.domain.tiers import NO_TIERS, Override, Tiers
from console.domain.words import FrontendType, ModuleState, Origin
from tests.unit.domain.making import IMPLIED, ON, broken, installed, registry

SHOP = registry(
    installed("tenancy", is_core=True, features=["vendors"]),
    installed(
        "payments", features=["gateways"], menu_items={FrontendType.VENDOR: ["methods"]}, default_config={"fee": 1}
    ),
    installed("orders", requires=["payments"], features=["order_list"], menu_items={FrontendType.VENDOR: ["orders"]}),
).with_entries({"vendor.payments.methods", "vendor.orders.orders"})
BOTH = {"payments": IMPLIED, "orders": ON}


def take(
    rows: Mapping[str, ModuleStatus],
    *,
    modules: Registry = SHOP,
    archived: bool = False,
    unavailable: Mapping[str, Notice] | None = None,
    tiers: Tiers = NO_TIERS,
) -> Snapshot:
    return build_snapshot(
        modules,
        platform_id=1,
        slug="acme",
        name="Acme",
        revision=4,
        archived=archived,
        rows=rows,
        overrides={"payments": {"fee": 2}},
        unavailable=unavailable or {},
        tiers=tiers,
    )


def ids(entries: tuple[MenuEntry, ...]) -> list[str]:
    return [entry.id for entry in entries]


def test_core_is_open_without_a_row_and_whatever_its_state() -> None:
    assert take({}).open == {"tenancy"}
    failed = ModuleStatus(wanted=True, origin=Origin.CORE, state=ModuleState.FAILED)
    assert take({"tenancy": failed}).is_open("tenancy")


def test_features_menus_and_config_follow_the_open_set() -> None:
    shot = take(BOTH)
    assert shot.open == {"tenancy", "payments", "orders"}
    assert shot.features == {"vendors", "gateways", "order_list"}
    assert ids(shot.menus[FrontendType.VENDOR]) == ["methods", "orders"]
    assert shot.menus[FrontendType.ADMIN] == ()
    off = take({})
    assert off.features == {"vendors"}
    assert off.menus[FrontendType.VENDOR] == ()
    assert off.config["payments"].values == {"fee": 2}, "config can be read while the module is off"


@pytest.mark.parametrize("state", [each for each in ModuleState if each is not ModuleState.ENABLED])
def test_only_enabled_is_open(state: ModuleState) -> None:
    assert not take({"payments": ModuleStatus(True, Origin.EXPLICIT, state)}).is_open("payments")


def test_the_gate_closes_with_the_wish_before_the_hook_has_run() -> None:
    going = ModuleStatus(wanted=False, origin=Origin.EXPLICIT, state=ModuleState.ENABLED)
    assert take({**BOTH, "orders": going}).open == {"tenancy", "payments"}


def test_a_closed_requirement_closes_what_needs_it() -> None:
    assert take({"orders": ON}).open == {"tenancy"}


def test_a_module_that_waits_for_migrations_closes_itself_and_its_dependents() -> None:
    waits = Notice("needs_migration", "payments", "waits")
    assert take(BOTH, unavailable={"payments": waits}).open == {"tenancy"}
    core_waits = Notice("needs_migration", "tenancy", "waits")
    assert not take({}, unavailable={"tenancy": core_waits}).is_open("tenancy")


def test_a_quarantined_module_is_closed_whatever_the_row_says() -> None:
    assert take({"x": ON}, modules=registry(broken("x"))).open == frozenset()


def test_an_archived_platform_answers_nothing() -> None:
    shot = take(BOTH, archived=True)
    assert (shot.open, shot.features) == (frozenset(), frozenset())


FREE = Tier("free", "Free", frozenset({"gateways", "other"}))
BLUE, RED, GREEN = 1, 2, 3
EARLY, NOON, LATE = (datetime(2026, 11, 1, hour, tzinfo=UTC) for hour in (8, 12, 16))


def test_a_tier_holds_features_back_from_its_vendors_alone() -> None:
    shot = take(BOTH, tiers=Tiers({"free": FREE}, {BLUE: "free"}))
    assert (
        shot.features
        == shot.features_of(None, NOON)
        == shot.features_of(RED, NOON)
        == {
            "vendors",
            "gateways",
            "order_list",
        }
    )
    assert shot.features_of(BLUE, NOON) == {"gateways"}


def test_an_override_gives_and_keeps_until_it_ends() -> None:
    overrides = {
        BLUE: {"order_list": Override("order_list", is_on=True, until=NOON)},
        GREEN: {"gateways": Override("gateways", is_on=False)},
    }
    shot = take(BOTH, tiers=Tiers({"free": FREE}, {BLUE: "free"}, overrides))
    assert shot.features_of(BLUE, EARLY) == {"gateways", "order_list"}
    assert shot.features_of(BLUE, NOON) == shot.features_of(BLUE, LATE) == {"gateways"}
    assert shot.features_of(GREEN, LATE) == {"vendors", "order_list"}


def test_an_override_gives_nothing_of_a_module_that_is_off() -> None:
    overrides = {BLUE: {"order_list": Override("order_list", is_on=True)}}
    shot = take({"payments": IMPLIED}, tiers=Tiers(overrides=overrides))
    assert shot.features_of(BLUE, NOON) == {"vendors", "gateways"}


def test_the_permissions_of_a_module_sleep_while_it_is_off() -> None:
    modules = registry(installed("orders", permissions=["orders.view", "orders.manage"]))
    assert take({}, modules=modules).asleep == {"orders.view", "orders.manage"}
    assert take({"orders": ON}, modules=modules).asleep == frozenset()
