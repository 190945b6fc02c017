"""The planner by example: what a person sees before anything happens."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from console.domain.plan_types import ChangeRequest, ModuleStatus, Notice, Plan, PlatformModules
from console.domain.planner import make_plan
from console.domain.words import ModuleState, Origin
from console.errors import Unknown
from tests.unit.domain.making import IMPLIED, ON, applied, broken, installed, registry, rows


def hook(platform_id: int) -> None:
    """A lifecycle hook."""


SHOP = registry(
    installed("tenancy", name="Tenancy", is_core=True),
    installed("payments", name="Payments", on_enable=hook, on_disable=hook),
    installed("orders", name="Orders", requires=["payments"], on_enable=hook),
    installed("analytics", name="Analytics", requires=["orders"]),
)
EMPTY = PlatformModules("acme", 3)
ALL_ON = rows(payments=IMPLIED, orders=ON, analytics=ON)


def plan_of(modules: PlatformModules, want: dict[str, bool], *, cascade: bool = True, prune: bool = False) -> Plan:
    return make_plan(SHOP, modules, ChangeRequest(want, cascade=cascade, prune=prune))


def said(plan: Plan) -> list[tuple[str, str, str]]:
    return [(step.module, step.action.value, step.reason) for step in plan.steps]


def codes(notices: tuple[Notice, ...]) -> list[tuple[str, str]]:
    return [(notice.code, notice.module) for notice in notices]


def test_enabling_enables_what_is_required_first_and_says_why() -> None:
    plan = plan_of(EMPTY, {"orders": True})
    assert said(plan) == [("payments", "enable", "required_by:orders"), ("orders", "enable", "requested")]
    assert [(step.origin, step.hook) for step in plan.steps] == [(Origin.IMPLIED, True), (Origin.EXPLICIT, True)]
    assert (plan.blocked, plan.affects_others, bool(plan)) == (False, True, True)


def test_the_reason_is_the_module_that_needs_it_itself() -> None:
    plan = plan_of(EMPTY, {"analytics": True})
    assert [step.reason for step in plan.steps] == ["required_by:orders", "required_by:analytics", "requested"]


def test_disabling_disables_dependents_first() -> None:
    plan = plan_of(ALL_ON, {"payments": False})
    assert said(plan) == [
        ("analytics", "disable", "requires:orders"),
        ("orders", "disable", "requires:payments"),
        ("payments", "disable", "requested"),
    ]
    assert [step.hook for step in plan.steps] == [False, False, True]


def test_what_is_on_needs_no_step() -> None:
    plan = plan_of(ALL_ON, {"orders": True, "analytics": True})
    assert (said(plan), bool(plan), plan.blocked) == ([], False, False)


def test_asking_for_an_implied_module_only_changes_why_it_is_on() -> None:
    plan = plan_of(ALL_ON, {"payments": True})
    assert said(plan) == [("payments", "configure", "requested")]
    assert (plan.steps[0].origin, plan.steps[0].hook) == (Origin.EXPLICIT, False)
    assert plan_of(applied(ALL_ON, plan), {"payments": True}).steps == ()


def test_what_was_only_needed_is_reported_and_stays() -> None:
    plan = plan_of(rows(payments=IMPLIED, orders=ON), {"orders": False})
    assert said(plan) == [("orders", "disable", "requested")]
    assert codes(plan.warnings) == [("unneeded", "payments")]
    assert "nothing needs it any more" in plan.warnings[0].message


def test_prune_switches_it_off_too() -> None:
    plan = plan_of(rows(payments=IMPLIED, orders=ON), {"orders": False}, prune=True)
    assert said(plan) == [("orders", "disable", "requested"), ("payments", "disable", "unneeded")]
    assert plan.warnings == ()


def test_prune_keeps_what_somebody_asked_for() -> None:
    plan = plan_of(rows(payments=ON, orders=ON), {"orders": False}, prune=True)
    assert said(plan) == [("orders", "disable", "requested")]


@pytest.mark.parametrize(
    ("wanted", "state", "turn", "steps"),
    [
        (True, ModuleState.FAILED, True, ["enable"]),
        (True, ModuleState.DISABLED, True, ["enable"]),
        (True, ModuleState.ENABLING, True, []),
        (True, ModuleState.DISABLING, True, []),
        (False, ModuleState.FAILED, False, ["disable"]),
        (False, ModuleState.ENABLED, False, ["disable"]),
        (False, ModuleState.DISABLING, False, []),
        (False, ModuleState.DISABLED, False, []),
        (False, ModuleState.DISABLING, True, ["enable"]),
        (True, ModuleState.ENABLING, False, ["disable"]),
    ],
)
def test_a_failure_is_tried_again_and_what_is_on_its_way_is_not(
    wanted: bool, state: ModuleState, turn: bool, steps: list[str]
) -> None:
    row = ModuleStatus(wanted, Origin.EXPLICIT, state)
    plan = plan_of(rows(payments=row), {"payments": turn})
    assert [step.action.value for step in plan.steps] == steps


def test_a_failed_requirement_is_tried_again_for_a_module_that_is_on() -> None:
    failed = ModuleStatus(True, Origin.IMPLIED, ModuleState.FAILED)
    plan = plan_of(rows(payments=failed, orders=ON), {"orders": True})
    assert said(plan) == [("payments", "enable", "required_by:orders")]


def test_core_is_protected_by_the_rule() -> None:
    plan = plan_of(EMPTY, {"tenancy": False})
    assert codes(plan.blocks) == [("core_protected", "tenancy")]
    assert plan.blocks[0].message == "Tenancy is a core module and cannot be switched off."
    assert plan_of(rows(tenancy=ON), {"tenancy": False}).steps == (), "not even in what is only shown"


def test_core_gets_its_own_origin() -> None:
    plan = make_plan(SHOP, EMPTY, ChangeRequest({"tenancy": True}, origin=Origin.CORE))
    assert [step.origin for step in plan.steps] == [Origin.CORE]


def test_an_unknown_module_is_raised_not_planned() -> None:
    with pytest.raises(Unknown, match="no module 'ordres'"):
        plan_of(EMPTY, {"ordres": True})


def test_a_row_of_a_module_that_left_the_disk_is_left_alone() -> None:
    plan = plan_of(rows(crm=ON), {"orders": True}, prune=True)
    assert [step.module for step in plan.steps] == ["payments", "orders"]


def test_without_cascade_each_affected_module_blocks() -> None:
    plan = plan_of(EMPTY, {"analytics": True}, cascade=False)
    assert codes(plan.blocks) == [("cascade_needed", "payments"), ("cascade_needed", "orders")]
    assert plan.blocks[0].message == "Payments would be switched on too, because Orders requires it."
    off = plan_of(ALL_ON, {"orders": False}, cascade=False)
    assert off.blocks[0].message == "Analytics would be switched off too, because it requires Orders."


def test_without_cascade_naming_all_of_them_is_enough() -> None:
    plan = plan_of(EMPTY, {"orders": True, "payments": True}, cascade=False)
    assert (plan.blocked, len(plan.steps), plan.affects_others) == (False, 2, False)


def test_a_request_that_contradicts_itself_says_how() -> None:
    plan = plan_of(EMPTY, {"analytics": True, "payments": False})
    assert codes(plan.blocks) == [("contradiction", "payments")]
    assert plan.blocks[0].message == "Payments is to be off, but Analytics, which is to be on, requires it."
    assert plan.steps == ()


def test_one_request_may_switch_on_and_off() -> None:
    plan = plan_of(rows(payments=ON, orders=ON, analytics=ON), {"analytics": False, "tenancy": True})
    assert said(plan) == [("analytics", "disable", "requested"), ("tenancy", "enable", "requested")]


REFUSED: list[tuple[str, Callable[[], Plan], str]] = [
    (
        "requirement_missing",
        lambda: make_plan(registry(installed("orders", requires=["payments"])), EMPTY, ChangeRequest({"orders": True})),
        "requires 'payments', which is not installed",
    ),
    (
        "version_unmet",
        lambda: make_plan(
            registry(installed("orders", requires=["payments>=2"]), installed("payments")),
            EMPTY,
            ChangeRequest({"orders": True}),
        ),
        "requires 'payments>=2', but The payments module is installed as 1.0.0",
    ),
    (
        "quarantined",
        lambda: make_plan(registry(broken("orders")), EMPTY, ChangeRequest({"orders": True})),
        "is quarantined: definition.py cannot be imported",
    ),
]


@pytest.mark.parametrize(("code", "plan", "says"), REFUSED, ids=[case[0] for case in REFUSED])
def test_what_cannot_be_live_blocks_with_its_reason(code: str, plan: Callable[[], Plan], says: str) -> None:
    blocks = plan().blocks
    assert codes(blocks) == [(code, "orders")]
    assert says in blocks[0].message
    assert blocks[0].hint


def test_a_requirement_that_waits_for_its_migration_blocks_even_when_it_is_on() -> None:
    waits = Notice("needs_migration", "payments", "Payments waits for its migrations.", "Run `db upgrade`.")
    plan = make_plan(SHOP, rows(payments=IMPLIED), ChangeRequest({"orders": True}), unavailable={"payments": waits})
    assert plan.blocks == (waits,)


def test_what_is_off_the_air_can_still_be_switched_off_without_its_hook() -> None:
    found = registry(installed("orders", requires=["gone"], on_disable=hook))
    plan = make_plan(found, rows(orders=ON), ChangeRequest({"orders": False}))
    assert [(step.module, step.hook) for step in plan.steps] == [("orders", False)]
    assert not plan.blocked


@pytest.mark.parametrize("declared_by", ["crm", "billing"])
def test_a_conflict_blocks_from_both_sides_and_switches_nothing_off(declared_by: str) -> None:
    fields = {declared_by: {"conflicts": [{"crm": "billing", "billing": "crm"}[declared_by]]}}
    found = registry(*(installed(code, **fields.get(code, {})) for code in ("crm", "billing")))
    plan = make_plan(found, rows(billing=ON), ChangeRequest({"crm": True}))
    assert codes(plan.blocks) == [("conflict", "crm")]
    assert [step.module for step in plan.steps] == ["crm"]


def test_a_conflict_is_gone_when_the_other_goes_off_in_the_same_request() -> None:
    found = registry(installed("crm", conflicts=["billing"]), installed("billing"))
    plan = make_plan(found, rows(billing=ON), ChangeRequest({"crm": True, "billing": False}))
    assert not plan.blocked


def test_a_conflict_is_gone_when_the_other_is_pruned() -> None:
    found = registry(installed("crm", conflicts=["billing"]), installed("billing"))
    assert make_plan(found, rows(billing=IMPLIED), ChangeRequest({"crm": True})).blocked
    pruned = make_plan(found, rows(billing=IMPLIED), ChangeRequest({"crm": True}, prune=True))
    assert [step.module for step in pruned.steps] == ["billing", "crm"]
    assert not pruned.blocked


def test_an_old_conflict_does_not_stop_an_unrelated_change() -> None:
    found = registry(installed("crm", conflicts=["billing"]), installed("billing"), installed("cms"))
    assert not make_plan(found, rows(billing=ON, crm=ON), ChangeRequest({"cms": True})).blocked


def test_the_digest_tells_plans_apart_and_ignores_the_revision() -> None:
    plan = plan_of(EMPTY, {"orders": True})
    assert plan.digest == plan_of(PlatformModules("acme", 99), {"orders": True}).digest
    others = [
        plan_of(PlatformModules("globex", 3), {"orders": True}),
        plan_of(EMPTY, {"orders": True, "payments": True}),
        plan_of(EMPTY, {"orders": True}, prune=True),
        plan_of(rows(payments=ON), {"orders": True}),
    ]
    assert len({plan.digest, *(other.digest for other in others)}) == 5
