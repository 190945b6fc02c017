"""A module's page: why it is on or off, what it adds, what hangs together, what happened, and its health."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from console.context import runtime
from console.domain.health import Report
from console.domain.words import HealthStatus
from console.services import health
from console.services.views import PlatformView
from console.storage.tables import Runner
from console.storage.uow import read_session, unit_of_work
from console.testing.journeys import switch
from console.testing.people import Visitor
from tests.services.bench import Statements
from tests.web.html import element

ORDERS = "/admin/acme/modules/orders"
HEALTH = "/admin/acme/modules/cms/health"


@pytest.fixture
def database_kind() -> str:
    """A page that is read; who writes what it shows is tested on both databases elsewhere."""
    return "sqlite"


@pytest.fixture
def orders(console_app: Flask, console_platform: PlatformView) -> Flask:
    """Orders is on."""
    switch(console_app, console_platform.id, "orders", on=True)
    return console_app


def part(text: str, test_id: str) -> str:
    """The section with that ``data-testid``, to its end, without markup."""
    _before, found, after = text.partition(f'data-testid="{test_id}"')
    assert found, test_id
    end = "</ul>" if test_id == "why" else "</section>"
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", after.partition(end)[0]))


# --- overview ---------------------------------------------------------------------------------------------------------


def test_why_it_is_on_is_told_in_sentences(admin: Visitor, orders: Flask) -> None:
    why = part(admin.get(ORDERS).text, "why")
    assert "Orders 1.0.0 comes with the console." in why
    assert "It was asked for by name." in why
    assert "by tester" in why
    assert "It requires Payments, which is on." in why
    implied = part(admin.get("/admin/acme/modules/payments").text, "why")
    assert "It was switched on because another module requires it." in implied
    core = part(admin.get("/admin/acme/modules/cms").text, "why")
    assert "It is a core module, so it is on everywhere and never off." in core


def test_why_it_is_off_names_what_is_missing_in_both_languages(admin: Visitor) -> None:
    why = part(admin.get(ORDERS).text, "why")
    assert "Nobody has switched it on here." in why
    assert "It requires Payments, which is not on." in why
    french = part(admin.get(ORDERS, Accept_Language="fr").text, "why")
    assert "Personne ne l’a activé ici." in french
    assert "comes with" not in french


def test_it_says_what_the_module_adds(admin: Visitor, orders: Flask) -> None:
    text = admin.get(ORDERS).text
    adds = part(text, "adds")
    for expected in ("order_management", "orders.manage", "on_enable", "/api/vendor/orders/orders", "/admin/"):
        assert expected in adds
    assert "at most 60 s" in adds
    assert "circle-check" in element(admin.get(ORDERS), "feature-order_management").partition("</li>")[0]
    tables = part(text, "tables")
    assert "orders_orders" in tables
    assert "1 migration applied" in tables


def test_tasks_and_events_are_the_modules_own(admin: Visitor) -> None:
    assert re.search(r"end_due_trials\s+· interval 1 hour", part(admin.get("/admin/acme/modules/billing").text, "adds"))
    assert "ENABLED" in part(admin.get("/admin/acme/modules/analytics").text, "adds")
    assert "ENABLED" not in part(admin.get(ORDERS).text, "adds")


def test_both_directions_of_the_requirements_are_shown_with_states(admin: Visitor, orders: Flask) -> None:
    needs = part(admin.get(ORDERS).text, "relations")
    assert needs.index("Payments") < needs.index("Required by")
    needed = part(admin.get("/admin/acme/modules/payments").text, "relations")
    assert needed.index("Required by") < needed.index("Orders")
    assert 'href="/admin/acme/modules/-/graph"' in admin.get(ORDERS).text


def test_its_operations_are_those_that_touched_it(admin: Visitor, orders: Flask) -> None:
    switch(orders, 1, "analytics", on=False)
    assert "Enable Orders" in part(admin.get("/admin/acme/modules/payments").text, "latest-operations")
    page = admin.get("/admin/acme/modules/payments/operations")
    assert "Enable Orders" in page.text
    assert "Analytics" not in page.text.partition("<main")[2]
    assert "Nothing has happened yet" in admin.get("/admin/acme/modules/dev-tools/operations").text


def test_statements_do_not_grow_with_what_hangs_together(admin: Visitor, orders: Flask) -> None:
    def cost(path: str) -> int:
        admin.get(path)
        with orders.app_context(), Statements() as executed:
            admin.get(path)
        return len(executed)

    assert cost(ORDERS) <= 14
    assert cost("/admin/acme/modules/payments") <= 14


@pytest.mark.parametrize("part", ["", "/history", "/operations", "/health", "/purge"])
def test_parts_of_an_unknown_module_are_unknown(admin: Visitor, part: str) -> None:
    assert admin.get(f"/admin/acme/modules/ordres{part}").status_code == 404


# --- history ----------------------------------------------------------------------------------------------------------


def test_the_history_shows_before_and_after(admin: Visitor, viewer: Visitor, orders: Flask) -> None:
    form = {"c_number_prefix": "A-", "revision": "0", "note": "as agreed"}
    assert admin.post(f"{ORDERS}/config", form).status_code == 303
    text = admin.get(f"{ORDERS}/history").text
    revisions = part(text, "revisions")
    assert "Number prefix" in revisions
    assert "as agreed" in revisions
    assert "the default" in revisions
    assert "the default → A-" in revisions
    happened = part(text, "happenings")
    assert "Orders was asked for" in happened
    assert re.search(r"state\s+off\s+→\s+being enabled", happened)


# --- health -----------------------------------------------------------------------------------------------------------


def test_without_a_runner_the_page_says_so_and_does_not_wait(admin: Visitor) -> None:
    asked = admin.post(HEALTH)
    assert asked.status_code == 303
    page = admin.get(asked.headers["Location"])
    assert "No runner is alive" in page.text
    assert "module-console worker" in page.text
    assert "every 1s" not in page.text
    assert "Look again" in page.text


def test_with_a_runner_the_page_asks_until_the_report_is_there(admin: Visitor, console_app: Flask) -> None:
    with console_app.app_context(), unit_of_work() as uow:
        now = runtime().clock()
        uow.session.add(Runner(id="elsewhere:1:1", kind="worker", started_at=now, seen_at=now))
    where = admin.post(HEALTH).headers["Location"]
    waiting = admin.get(where)
    assert 'hx-trigger="every 1s"' in waiting.text
    assert "Checking…" in waiting.text
    assert "No runner is alive" not in waiting.text
    with console_app.app_context(), unit_of_work() as uow:
        health.store(uow, "cms", Report(HealthStatus.DEGRADED, "slow today"), now=runtime().clock())
    there = admin.get(where, HX_Request="true", HX_Request_Type="partial")
    assert there.text.lstrip().startswith("<section")
    assert "every 1s" not in there.text
    assert "slow today" in there.text
    long_ago = "2026-01-01T00:00:00%2B00:00"
    for since in ("nonsense", "2026-01-01T00:00:00", "", long_ago):
        assert "every 1s" not in admin.get(f"{HEALTH}?since={since}").text


def test_only_what_is_on_and_has_a_check_is_checked(admin: Visitor, viewer: Visitor) -> None:
    assert "health-run" not in admin.get("/admin/acme/modules/dev-tools/health").text
    for code in ("dev-tools", "orders"):
        assert admin.post(f"/admin/acme/modules/{code}/health").status_code == 409
    assert viewer.post(HEALTH).status_code == 403
    shown = viewer.get(HEALTH).text
    guard = shown.partition('id="health-run"')[0].rpartition("<fieldset")[2]
    assert guard.startswith(' class="bare" disabled title="Needs the permission health.')


def test_a_check_of_a_platforms_own_is_asked_for_that_platform(
    console_app: Flask, console_platform: PlatformView, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = []
    with console_app.app_context(), unit_of_work() as uow:
        rt = runtime()
        monkeypatch.setattr(rt.messenger, "send", lambda _session, message: sent.append(message))
        health.ask(uow, rt, console_platform.id, "cms")
        definition = rt.registry["cms"].definition
        monkeypatch.setitem(definition.__dict__, "health_scope", "platform")
        health.ask(uow, rt, console_platform.id, "cms")
    assert [(each.id, each.name) for each in sent] == [(0, "cms"), (console_platform.id, "cms")]
    with console_app.app_context():
        assert read_session().scalars(select(Runner)).all() == []
