"""The registry: everything found is in it, the broken ones off the air with a reason."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import BaseModel

from console.domain.registry import Registry, build
from console.domain.words import FrontendType
from console.errors import Unknown
from tests.unit.domain.making import broken, installed, registry


class Config(BaseModel):
    trial_days: int = 14


def reason(found: Registry, code: str) -> str:
    quarantine = found[code].quarantine
    assert quarantine is not None
    fatal = [problem for problem in found[code].problems if problem.fatal]
    assert [problem.text for problem in fatal] in ([quarantine], [])
    return quarantine


def test_codes_come_in_dependency_order() -> None:
    found = registry(
        installed("orders", requires=["payments"]), installed("payments"), installed("cms", after=["orders"])
    )
    assert found.order == tuple(found) == ("payments", "orders", "cms")
    assert [each.code for each in found.live()] == ["payments", "orders", "cms"]
    assert (found.index("orders"), len(found), "cms" in found, "crm" in found) == (1, 3, True, False)


def test_needs_and_dependents_are_direct_or_transitive() -> None:
    found = registry(
        installed("analytics", requires=["orders"]),
        installed("orders", requires=["payments>=1"]),
        installed("payments"),
    )
    assert found.requires("analytics") == {"orders"}
    assert found.closure("analytics") == {"analytics", "orders", "payments"}
    assert found.dependents("payments") == {"orders"}
    assert found.dependents("analytics") == frozenset()
    assert found.dependents_closure("payments") == {"payments", "orders", "analytics"}


def test_an_unknown_module_is_refused_with_what_comes_close() -> None:
    with pytest.raises(Unknown, match="no module 'order'") as raised:
        registry(installed("orders")).dependents("order")
    assert raised.value.hint == "Did you mean 'orders'?"


def test_a_missing_requirement_is_named() -> None:
    found = registry(installed("orders", requires=["payments"]))
    assert reason(found, "orders") == "it requires 'payments', which is not installed"
    assert found.requires("orders") == {"payments"}
    assert found.live() == ()


def test_a_version_out_of_range_is_named_and_the_other_stays() -> None:
    found = registry(installed("orders", requires=["payments>=2"]), installed("payments", version="1.9.0"))
    assert reason(found, "orders") == "it requires 'payments>=2', but 'payments' is installed as 1.9.0"
    assert found["payments"].live


def test_a_cycle_takes_its_members_off_the_air_each_with_the_whole_path() -> None:
    found = registry(installed("a", requires=["b"]), installed("b", requires=["a"]), installed("c"))
    assert reason(found, "a") == "its requirements run in a circle: a → b → a"
    assert reason(found, "b") == "its requirements run in a circle: b → a → b"
    assert found["c"].live


def test_core_on_optional_takes_the_core_module_off_and_holds_nothing_else() -> None:
    found = registry(installed("tenancy", is_core=True, requires=["orders"]), installed("orders"))
    assert reason(found, "tenancy") == "it is core and requires 'orders', which can be switched off"
    assert found["orders"].live
    assert found.dependents_closure("orders") == {"orders"}


def test_core_on_a_broken_module_is_not_called_core_on_optional() -> None:
    found = registry(installed("cms", is_core=True, requires=["tenancy"]), broken("tenancy"))
    assert reason(found, "cms") == "it requires 'tenancy', which is quarantined"


def test_what_requires_a_quarantined_module_is_quarantined_down_the_line() -> None:
    found = registry(
        broken("payments"), installed("orders", requires=["payments"]), installed("x", requires=["orders"])
    )
    assert [found[code].live for code in ("payments", "orders", "x")] == [False, False, False]
    assert found["x"].problems[0].hint == "Mend 'orders' first: it requires 'payments', which is quarantined."


@pytest.mark.parametrize("second", ["dev-tools", "dev_tools"])
def test_of_two_modules_with_one_name_the_first_stays(second: str) -> None:
    other = replace(installed(second, version="9.0.0"), path=Path("elsewhere"))
    found = registry(installed("dev-tools"), other)
    assert found.order == ("dev-tools",)
    assert (found["dev-tools"].live, found["dev-tools"].version) == (True, "1.0.0")
    assert "the module in elsewhere is left out" in found.problems[0].text
    assert found.problems[0].fatal


def test_feature_codes_are_unique_over_all_modules() -> None:
    found = registry(installed("a", features=["sales"]), installed("b", features=["sales"]))
    assert reason(found, "b") == "its feature 'sales' is declared by 'a' too"
    assert found["a"].live


def test_menu_ids_are_unique_in_a_frontend_and_free_in_another() -> None:
    admin, vendor = {FrontendType.ADMIN: ["pages"]}, {FrontendType.VENDOR: ["pages"]}
    found = registry(
        installed("a", menu_items=admin), installed("b", menu_items=admin), installed("c", menu_items=vendor)
    )
    assert reason(found, "b") == "its menu item 'pages' (admin) is declared by 'a' too"
    assert [found[code].live for code in "ac"] == [True, True]


def test_defaults_that_the_schema_refuses_take_the_module_off() -> None:
    found = registry(
        installed("a", config_schema=Config, default_config={"trial_days": "soon"}),
        installed("b", config_schema=Config, default_config={"trail_days": 3}),
    )
    assert reason(found, "a") == "default_config['trial_days'] is refused by config_schema: write a whole number"
    assert reason(found, "b") == "default_config has the key 'trail_days', which config_schema lacks"


def test_safe_mode_starts_core_only_and_calls_nothing_a_problem() -> None:
    found = build([installed("cms", is_core=True), installed("orders"), broken("x")], safe_mode=True)
    assert [each.code for each in found.live()] == ["cms"]
    assert found["orders"].quarantine == "safe mode starts core modules only"
    assert found["x"].quarantine == "definition.py cannot be imported: KeyError: 'x'"
    assert found.problems == ()


def test_building_again_keeps_the_verdicts() -> None:
    found = registry(installed("a", requires=["b"]), installed("b", requires=["a"]), installed("c", requires=["a"]))
    again = build(found.modules())
    assert again.modules() == found.modules()
    assert again.problems == found.problems


def test_a_menu_item_that_leads_nowhere_becomes_a_problem_and_is_not_shown() -> None:
    found = registry(installed("cms", menu_items={FrontendType.ADMIN: ["content-pages", "themes"]}))
    resolved = found.with_entries({"admin.cms.content_pages"})
    assert [entry.id for entry in resolved["cms"].entries] == ["content-pages"]
    assert [problem.id for problem in resolved.problems] == ["MOD030"]
    assert resolved["cms"].live
    assert found["cms"].entries == ()
