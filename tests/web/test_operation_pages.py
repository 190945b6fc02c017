"""Operations on the page: what failed and why, the ways out, and nobody else's."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask import Flask

from console.domain.step_log import Line, LineLevel
from console.services import step_lines
from console.services.operation_views import OperationView
from console.services.views import PlatformView
from console.storage.uow import unit_of_work
from console.testing.journeys import is_on, make_platform, switch
from console.testing.people import Visitor
from tests.web.html import hidden_fields

OPERATIONS = "/admin/acme/operations"


@pytest.fixture
def done(console_app: Flask, console_platform: PlatformView) -> OperationView:
    found = switch(console_app, console_platform.id, "orders", on=True)
    assert found is not None
    return found


def test_the_list_names_what_was_asked_and_how_it_ended(admin: Visitor, done: OperationView) -> None:
    page = admin.get(OPERATIONS)
    assert "Enable Orders" in page.text
    assert "Create platform" in page.text
    assert "2 modules" in page.text


def test_one_operation_shows_its_steps_in_order(admin: Visitor, done: OperationView) -> None:
    page = admin.get(f"{OPERATIONS}/{done.id}")
    assert page.text.index('data-testid="step-payments"') < page.text.index('data-testid="step-orders"')
    assert "required by Orders" in page.text
    assert "every 1s" not in page.text


def test_an_operation_of_another_platform_is_unknown(console_app: Flask, admin: Visitor) -> None:
    other = make_platform(console_app, "globex", "Globex")
    found = switch(console_app, other.id, "analytics", on=True)
    assert found is not None
    assert admin.get(f"{OPERATIONS}/{found.id}").status_code == 404
    assert admin.post(f"{OPERATIONS}/{found.id}/undo", {"plan": ""}).status_code == 404


def test_undo_shows_its_plan_and_brings_back_what_was(
    admin: Visitor, done: OperationView, console_app: Flask, console_platform: PlatformView
) -> None:
    address = f"{OPERATIONS}/{done.id}/undo"
    plan = admin.get(address)
    assert "plan-step-payments" in plan.text
    assert "plan-step-orders" in plan.text
    assert admin.post(address, {"plan": "0" * 64}).status_code == 409
    assert admin.post(address, hidden_fields(plan, address)).status_code == 303
    assert not is_on(console_app, console_platform.id, "orders")
    assert not is_on(console_app, console_platform.id, "payments")


def test_undo_of_what_changed_since_is_refused_with_its_plan(
    admin: Visitor, done: OperationView, console_app: Flask, console_platform: PlatformView
) -> None:
    switch(console_app, console_platform.id, "orders", on=False)
    answer = admin.get(f"{OPERATIONS}/{done.id}/undo")
    assert answer.status_code == 409
    assert "plan-confirm" not in answer.text


@pytest.mark.parametrize("decision", ["retry", "keep", "cancel"])
def test_what_has_ended_well_cannot_be_decided_about(admin: Visitor, done: OperationView, decision: str) -> None:
    answer = admin.post(f"{OPERATIONS}/{done.id}/{decision}")
    assert answer.status_code == 409
    assert f'data-testid="operation-{done.id}"' in answer.text
    assert 'data-testid="toast"' in answer.text


def test_a_viewer_reads_but_decides_nothing(viewer: Visitor, done: OperationView) -> None:
    page = viewer.get(f"{OPERATIONS}/{done.id}").text
    assert page.index('data-testid="needs-operations.manage"') < page.index('id="way-undo"')
    assert f'href="/admin/acme/operations/{done.id}/undo"' not in page
    assert viewer.get(f"{OPERATIONS}/{done.id}/undo").status_code == 403


def test_undo_is_not_offered_where_it_could_only_be_refused(
    admin: Visitor, done: OperationView, console_app: Flask, console_platform: PlatformView
) -> None:
    address = f"{OPERATIONS}/{done.id}"
    assert f"{address}/undo" in admin.get(address).text
    switch(console_app, console_platform.id, "payments", on=False)
    page = admin.get(address).text
    assert f"{address}/undo" not in page
    assert "cannot be undone any more" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("show=done", True),
        ("show=failed", False),
        ("show=nonsense", True),
        ("module=payments", True),
        ("module=cms", False),
        ("kind=toggle", True),
        ("kind=undo", False),
        ("actor=TEST", True),
        ("actor=anna", False),
        ("from=2020-01-01&to=2099-01-01", True),
        ("from=2099-01-01", False),
    ],
)
def test_filters_of_the_list_stand_in_the_address(admin: Visitor, done: OperationView, query: str, found: bool) -> None:
    page = admin.get(f"{OPERATIONS}?{query}")
    assert page.status_code == 200
    assert (f'data-testid="operation-{done.id}"' in page.text) == found


def test_tabs_count_what_the_other_filters_leave(admin: Visitor, done: OperationView) -> None:
    def counts(query: str) -> list[str]:
        return re.findall(r'data-testid="tab-\w+"[^>]*>[^<]+<span>(\d+)', admin.get(f"{OPERATIONS}?{query}").text)

    assert counts("") == ["2", "0", "0", "2", "0"]
    assert counts("module=orders&show=failed") == ["1", "0", "0", "1", "0"]


def test_a_list_without_a_match_says_how_to_see_all(admin: Visitor, done: OperationView) -> None:
    page = admin.get(f"{OPERATIONS}?show=failed").text
    assert "Show all operations" in page
    assert admin.get(f"{OPERATIONS}?to=soon").status_code == 422


def test_a_row_at_rest_asks_for_nothing_and_brings_the_tabs(admin: Visitor, done: OperationView) -> None:
    address = f"{OPERATIONS}/{done.id}/row"
    part = admin.get(address, HX_Request="true", HX_Request_Type="partial").text
    assert f'hx-target="#operation-row-{done.id}"' in part
    assert 'id="operation-tabs"' in part
    assert "every 1s" not in part
    assert admin.get(address).headers["Location"].endswith(f"{OPERATIONS}/{done.id}")


def test_the_log_of_a_step_is_on_the_page_and_in_the_document(
    admin: Visitor, console_app: Flask, console_platform: PlatformView, done: OperationView
) -> None:
    step = done.steps[0]
    at = datetime(2026, 3, 1, 20, 5, 6, tzinfo=UTC)
    with console_app.app_context(), unit_of_work() as uow:
        said = [
            Line(at, LineLevel.STARTED, "host:1"),
            Line(at, LineLevel.WARNING, "slow <gateway>"),
            Line(at, LineLevel.DONE, ""),
        ]
        step_lines.write(uow, step.id, 1, said)
    page = admin.get(f"{OPERATIONS}/{done.id}").text
    assert 'data-testid="log-payments"' in page
    assert "Attempt 1 began" in page
    assert "<b>Warning</b> slow &lt;gateway&gt;" in page
    assert ">20:05:06<" in page
    document = admin.get(f"/api/admin/operations/{done.id}", X_Console_Platform="acme").get_json()
    lines = document["operation"]["steps"][0]["log"]
    assert {"at": "2026-03-01T20:05:06Z", "attempt": 1, "level": "warning", "text": "slow <gateway>"} in lines
