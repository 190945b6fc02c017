"""The module list: what the URL asks for is what is shown, and who may not switch sees no switch."""

from __future__ import annotations

import re

import pytest

from console.testing.people import Visitor
from tests.web.html import element

LIST = "/admin/acme/modules"


def rows(text: str) -> list[str]:
    return re.findall(r'data-testid="module-row-([a-z-]+)"', text)


def counts(text: str) -> dict[str, int]:
    return {name: int(n) for name, n in re.findall(r'data-testid="tab-(\w+)"[^>]*>[^<]*<span>(\d+)</span>', text)}


def test_the_list_shows_every_module_core_first(admin: Visitor) -> None:
    shown = rows(admin.get(LIST).text)
    assert set(shown) == {"tenancy", "cms", "analytics", "billing", "payments", "orders", "dev-tools"}
    assert set(shown[:2]) == {"tenancy", "cms"}
    assert shown[-1] == "dev-tools"


@pytest.mark.parametrize("show", ["all", "on", "off", "attention", "core"])
def test_a_tab_shows_as_many_rows_as_it_counts(admin: Visitor, show: str) -> None:
    page = admin.get(f"{LIST}?show={show}")
    assert len(rows(page.text)) == counts(page.text)[show]


def test_an_unknown_tab_shows_all(admin: Visitor) -> None:
    assert len(rows(admin.get(f"{LIST}?show=nonsense").text)) == 7


@pytest.mark.parametrize("text", ["orders", "ORDERS", "numbers without gaps"])
def test_a_search_finds_code_name_and_description(admin: Visitor, text: str) -> None:
    assert "orders" in rows(admin.get(f"{LIST}?q={text}").text)


def test_a_search_finds_a_feature(admin: Visitor) -> None:
    assert rows(admin.get(f"{LIST}?q=vendor_themes").text) == ["cms"]


def test_a_search_without_a_match_offers_the_way_back(admin: Visitor) -> None:
    page = admin.get(f"{LIST}?q=%3Cscript%3E")
    assert rows(page.text) == []
    assert "No module matches" in page.text
    assert "<script>" not in page.text.partition('id="module-list"')[2]


def test_htmx_gets_the_list_alone(admin: Visitor) -> None:
    part = admin.get(f"{LIST}?q=pay", HX_Request="true")
    assert "<html" not in part.text
    assert "payments" in rows(part.text)
    assert "HX-Request" in part.headers["Vary"]


def test_a_switch_says_what_is_wanted_and_whether_others_are_touched(admin: Visitor) -> None:
    page = admin.get(LIST)
    alone, with_others = element(page, "module-row-analytics"), element(page, "module-row-orders")
    assert re.search(r'form="switches" name="plan" value="[0-9a-f]{64}" formaction="modules/analytics/enable"', alone)
    assert 'aria-checked="false"' in alone
    assert 'form="plans" formaction="modules/orders/enable"' in with_others
    assert 'name="plan"' not in with_others
    assert '<form id="switches" method="post"' in page.text
    assert '<form id="plans" method="get"' in page.text


def test_a_core_module_has_a_lock_and_no_switch(admin: Visitor) -> None:
    row = element(admin.get(LIST), "module-row-cms")
    assert "Always on" in row
    assert "toggle-cms" not in row


def test_a_viewer_sees_the_switches_disabled_with_the_permission_and_no_selection(viewer: Visitor) -> None:
    page = viewer.get(LIST)
    assert len(rows(page.text)) == 7
    switches = re.findall(r'<button class="switch"[^>]*>', page.text)
    assert len(switches) == 5
    assert all(" disabled " in each and "modules.toggle" in each for each in switches)
    for control in ('name="code"', 'id="bulk"'):
        assert control not in page.text


def test_an_unknown_row_is_unknown(admin: Visitor) -> None:
    assert admin.get(f"{LIST}/nothing/row").status_code == 404
