"""Menu items: from an id to a link."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.domain.menu import MenuItem, resolve
from console.domain.words import FrontendType
from tests.unit.domain.making import broken, installed

ADMIN, VENDOR = FrontendType.ADMIN, FrontendType.VENDOR


def test_an_id_means_the_modules_page_of_that_name() -> None:
    module = installed("dev-tools", icon="wrench", menu_items={ADMIN: ["query-log"]})
    (entry,), problems = resolve(module, {"admin.dev-tools.query_log"})
    assert (entry.endpoint, entry.label, entry.icon) == ("admin.dev-tools.query_log", "Query log", "wrench")
    assert problems == ()


def test_menu_py_says_more() -> None:
    item = MenuItem("reports", ADMIN, label="Sales", endpoint="index", icon="chart", permission="x.view", order=5)
    module = replace(installed("analytics", menu_items={ADMIN: ["dashboard", "reports"]}), menu=(item,))
    entries, _ = resolve(module, {"admin.analytics.index", "admin.analytics.dashboard"})
    assert [(entry.id, entry.label, entry.order) for entry in entries] == [
        ("reports", "Sales", 5),
        ("dashboard", "Dashboard", 100),
    ]
    assert (entries[0].endpoint, entries[0].icon, entries[0].permission) == ("admin.analytics.index", "chart", "x.view")


def test_menu_py_may_add_items() -> None:
    module = replace(installed("cms"), menu=(MenuItem("media", VENDOR, feature="media_library"),))
    (entry,), _ = resolve(module, {"vendor.cms.media"})
    assert (entry.frontend, entry.feature) == (VENDOR, "media_library")


def test_a_wrapper_leads_to_an_endpoint_of_the_console() -> None:
    module = installed("ops", menu_items={ADMIN: ["module-list"]})
    known = MenuItem("module-list", ADMIN, endpoint="pages.module_list")
    (entry,), _ = resolve(module, {"pages.module_list"}, console_items=[known])
    assert entry.endpoint == "pages.module_list"


def test_an_id_that_leads_nowhere_is_a_problem_with_a_way_out() -> None:
    entries, (problem,) = resolve(installed("cms", menu_items={VENDOR: ["media"]}), set())
    assert entries == ()
    assert problem.text == "menu item 'media' (vendor) is not shown: there is no endpoint 'vendor.cms.media'"
    assert "menu.py" in problem.hint
    assert not problem.fatal


def test_internal_modules_never_stand_in_a_vendors_menu() -> None:
    module = replace(installed("dev-tools", is_internal=True), menu=(MenuItem("log", VENDOR),))
    entries, (problem,) = resolve(module, {"vendor.dev-tools.log"})
    assert entries == ()
    assert "has no vendor menu" in problem.text


@pytest.mark.parametrize("endpoints", [set(), {"admin.x.y"}])
def test_a_module_without_a_definition_has_no_menu(endpoints: set[str]) -> None:
    assert resolve(broken("x"), endpoints) == ((), ())
