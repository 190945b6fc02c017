"""The filters, the order and the groups of the module list: all in the URL, each with something to say when empty."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from console.domain.health import Report
from console.domain.words import HealthStatus
from console.services import health
from console.services.views import PlatformView
from console.storage.uow import unit_of_work
from console.testing.journeys import switch
from console.testing.people import Visitor
from tests.web.html import element
from tests.web.test_module_list import LIST, rows


def titles(text: str) -> list[str]:
    return [found.strip() for found in re.findall(r'scope="rowgroup">([^<]+)<', text)]


@pytest.fixture
def sick(console_app: Flask, console_platform: PlatformView) -> None:
    """Analytics reports trouble, cms is well."""
    with console_app.app_context(), unit_of_work() as uow:
        now = console_app.extensions["console"].clock()
        health.store(uow, "analytics", Report(HealthStatus.DEGRADED, "too slow", {}), now=now)
        health.store(uow, "cms", Report(HealthStatus.HEALTHY, "", {}), now=now)
    switch(console_app, console_platform.id, "analytics", on=True)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("kind=core", {"cms", "tenancy"}),
        ("kind=internal", {"dev-tools"}),
        ("tag=money", {"billing", "payments"}),
        ("tag=nothing", set()),
        ("q=money", {"billing", "payments"}),
        ("q=pay&kind=optional&show=off", {"payments"}),
        ("kind=nonsense&sort=nonsense&group=nonsense&health=nonsense&tag=sales", {"orders"}),
    ],
)
def test_filters_add_up_and_what_is_unknown_counts_as_not_given(admin: Visitor, asked: str, shown: set[str]) -> None:
    assert set(rows(admin.get(f"{LIST}?{asked}").text)) == shown


@pytest.mark.usefixtures("sick")
def test_health_filters_what_is_on_by_its_last_report(admin: Visitor) -> None:
    assert rows(admin.get(f"{LIST}?health=degraded").text) == ["analytics"]
    assert rows(admin.get(f"{LIST}?health=healthy").text) == ["cms"]
    page = admin.get(LIST)
    row = element(page, "module-row-analytics")
    assert '<span class="health h degraded">too slow</span>' in row
    assert rows(admin.get(f"{LIST}?show=attention").text) == ["analytics"]


@pytest.mark.usefixtures("sick")
def test_each_order_puts_first_what_it_is_about(admin: Visitor) -> None:
    first = {sort: rows(admin.get(f"{LIST}?sort={sort}").text)[0] for sort in ("name", "state", "health", "changed")}
    assert first == {"name": "analytics", "state": "analytics", "health": "analytics", "changed": "analytics"}
    by_name = rows(admin.get(f"{LIST}?sort=name").text)
    assert by_name.index("dev-tools") < by_name.index("orders") < by_name.index("tenancy")
    assert rows(admin.get(LIST).text)[0] == "cms"


def test_groups_stand_under_their_tags_and_each_module_once(admin: Visitor) -> None:
    page = admin.get(f"{LIST}?group=tag")
    assert titles(page.text) == ["content", "developers", "insight", "money", "platform", "sales"]
    assert sorted(rows(page.text)) == sorted(rows(admin.get(LIST).text))
    assert titles(admin.get(LIST).text) == []


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("q=zzz", "No name, code, description, feature or tag contains “zzz”."),
        ("kind=core&tag=money", "No module fits these filters"),
        ("show=attention", "All is well"),
    ],
)
def test_an_empty_list_says_why_and_leads_back(admin: Visitor, asked: str, said: str) -> None:
    page = admin.get(f"{LIST}?{asked}")
    assert rows(page.text) == []
    assert said in page.text
    assert "Show all modules" in page.text


def test_a_list_with_all_on_says_that_nothing_is_off(
    admin: Visitor, console_app: Flask, console_platform: PlatformView
) -> None:
    for code in ("analytics", "billing", "orders", "dev-tools"):
        switch(console_app, console_platform.id, code, on=True)
    assert "Nothing is off" in admin.get(f"{LIST}?show=off").text


def test_tabs_keep_the_filters_and_filters_can_be_cleared_without_losing_the_tab(admin: Visitor) -> None:
    page = admin.get(f"{LIST}?show=off&tag=money&sort=name")
    assert re.search(r'href="[^"]*\?show=core&amp;tag=money&amp;sort=name"', page.text)
    cleared = re.search(r'id="clear-filters" href="([^"]+)"', page.text)
    assert cleared
    assert cleared[1] == f"{LIST}?show=off&amp;sort=name"
    assert "clear-filters" not in admin.get(f"{LIST}?show=off").text


def test_htmx_is_told_the_address_without_what_says_nothing(admin: Visitor) -> None:
    part = admin.get(f"{LIST}?q=pay&show=all&kind=&tag=&health=&sort=kind", HX_Request="true")
    assert part.headers["HX-Replace-Url"] == f"{LIST}?q=pay"
    assert admin.get(f"{LIST}?q=", HX_Request="true").headers["HX-Replace-Url"] == LIST


def test_the_answer_to_a_switch_keeps_the_tabs_of_the_list_that_asked(admin: Visitor) -> None:
    here = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{LIST}?show=off&tag=money"}
    part = admin.client.get(f"{LIST}/cms/row", headers=here).get_data(as_text=True)
    assert re.search(r'href="[^"]*\?show=core&amp;tag=money" data-testid="tab-core"', part)
    assert re.search(r'data-testid="tab-off" aria-current="true"', part)


def test_a_selection_in_the_address_outlives_every_filter(admin: Visitor) -> None:
    page = admin.get(f"{LIST}?code=orders&code=cms&code=nowhere&q=bill").text
    bar = page.partition('id="bulk"')[2].partition("</form>")[0]
    # Only what has a switch can be chosen.
    assert re.findall(r'name="code" value="([^"]+)" checked>([^<]+)<', bar) == [("orders", "Orders")]
    form = page.partition('id="filters"')[2].partition("</form>")[0]
    assert re.findall(r'<input type="hidden" name="code" value="([^"]+)">', form) == ["orders", "cms", "nowhere"]
    assert "?q=bill&amp;show=off&amp;code=orders&amp;code=cms&amp;code=nowhere" in form
    row = element(admin.get(f"{LIST}?code=orders"), "module-row-orders")
    assert re.search(r'<input type="checkbox" form="bulk" name="code" value="orders"[^>]* checked>', row)
