"""Several modules by one plan: from the list's selection, without scripts too, and back by one undo."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from console.domain.words import OperationState
from console.services import operations
from console.services.views import PlatformView
from console.storage.uow import read_session
from console.testing.journeys import is_on, settle, switch
from console.testing.people import Visitor
from tests.web.html import hidden_fields

PLAN = "/admin/acme/operations/plan"
ALL_OFF = f"{PLAN}?off=analytics&off=payments"


def on_now(app: Flask, platform: PlatformView) -> set[str]:
    return {code for code in app.extensions["console"].registry if is_on(app, platform.id, code)}


def count(app: Flask, platform: PlatformView) -> int:
    with app.app_context():
        return len(operations.of_platform(read_session(), platform.id))


def test_a_selection_becomes_one_plan_with_every_module_once(admin: Visitor) -> None:
    page = admin.get(f"{PLAN}?code=orders&code=payments&code=billing&want=on")
    assert "Enable Orders, Payments, Billing" in page.text
    assert page.text.count('data-testid="plan-step-') == 3
    assert "Enable 3 modules" in page.text
    fields = hidden_fields(page, f"{PLAN}?on=orders&amp;on=payments&amp;on=billing")
    assert set(fields["shown"].split()) == {"enable:payments", "enable:billing", "enable:orders"}


def test_one_operation_and_one_undo_for_all_of_them(
    admin: Visitor, console_app: Flask, console_platform: PlatformView
) -> None:
    before, operations_before = on_now(console_app, console_platform), count(console_app, console_platform)
    action = f"{PLAN}?on=analytics&amp;on=orders"
    fields = hidden_fields(admin.get(f"{PLAN}?on=analytics&on=orders"), action)
    answer = admin.post(f"{PLAN}?on=analytics&on=orders", fields)
    assert answer.status_code == 303
    assert count(console_app, console_platform) == operations_before + 1
    operation_id = int(answer.headers["Location"].rpartition("/")[2])
    assert settle(console_app, console_platform.id, operation_id).state is OperationState.SUCCEEDED
    assert on_now(console_app, console_platform) == before | {"analytics", "orders", "payments"}
    undo = f"/admin/acme/operations/{operation_id}/undo"
    assert admin.post(undo, hidden_fields(admin.get(undo), undo)).status_code == 303
    assert on_now(console_app, console_platform) == before


def test_on_and_off_go_into_one_plan(admin: Visitor, console_app: Flask, console_platform: PlatformView) -> None:
    switch(console_app, console_platform.id, "analytics", on=True)
    page = admin.get(f"{PLAN}?on=billing&off=analytics")
    assert "Change 2 modules" in page.text
    assert "Confirm" in page.text
    fields = hidden_fields(page, f"{PLAN}?on=billing&amp;off=analytics")
    admin.post(f"{PLAN}?on=billing&off=analytics", fields, HX_Request="true")
    assert is_on(console_app, console_platform.id, "billing")
    assert not is_on(console_app, console_platform.id, "analytics")


def test_htmx_gets_dialog_and_then_every_changed_row(
    admin: Visitor, console_app: Flask, console_platform: PlatformView
) -> None:
    for code in ("analytics", "orders"):
        switch(console_app, console_platform.id, code, on=True)
    dialog = admin.get(ALL_OFF, HX_Request="true")
    assert dialog.text.startswith("<dialog")
    fields = hidden_fields(dialog, ALL_OFF.replace("&", "&amp;"))
    answer = admin.post(ALL_OFF, fields, HX_Request="true")
    for code in ("analytics", "payments", "orders"):
        assert f'hx-target="#row-{code}" hx-swap="outerHTML"' in answer.text  # a new row is not selected any more
    assert re.search(r"(Payments, )?Analytics &amp; Reports(, Payments)? are off, and 1 more", answer.text)
    assert 'hx-target="#dialog" hx-swap="innerHTML"' in answer.text


def test_what_is_as_asked_already_is_named(admin: Visitor, console_app: Flask, console_platform: PlatformView) -> None:
    switch(console_app, console_platform.id, "analytics", on=True)
    page = admin.get(f"{PLAN}?on=analytics&on=billing")
    assert "Already so: Analytics &amp; Reports" in page.text
    assert page.text.count('data-testid="plan-step-') == 1


def test_what_nothing_needs_any_more_is_offered_and_goes_along(
    admin: Visitor, console_app: Flask, console_platform: PlatformView
) -> None:
    switch(console_app, console_platform.id, "orders", on=True)
    asked = f"{PLAN}?off=orders&off=billing"
    page = admin.get(asked)
    assert f'data-testid="plan-prune" href="{PLAN}?off=orders&amp;off=billing&amp;prune=1"' in page.text
    pruned = admin.get(f"{asked}&prune=1")
    assert 'data-testid="plan-step-payments"' in pruned.text
    admin.post(asked, hidden_fields(pruned, asked.replace("&", "&amp;")), HX_Request="true")
    assert not is_on(console_app, console_platform.id, "payments")


def test_a_contradiction_leads_to_the_plan_without_it(admin: Visitor) -> None:
    page = admin.get(f"{PLAN}?on=orders&on=billing&off=payments")
    assert "plan-confirm" not in page.text
    assert f'href="{PLAN}?on=orders&amp;on=billing">Plan it without Payments</a>' in page.text


@pytest.mark.parametrize("asked", ["", "?want=on", "?code=&want=off"])
def test_without_a_choice_it_says_so_and_stays_on_the_list(admin: Visitor, asked: str) -> None:
    answer = admin.get(PLAN + asked.replace("code=&", ""))
    assert answer.status_code == 303
    assert "Choose at least one module first." in admin.get(answer.headers["Location"]).text
    part = admin.get(PLAN + asked.replace("code=&", ""), HX_Request="true")
    assert part.status_code == 422
    assert 'hx-target="#toasts"' in part.text


def test_both_ways_at_once_an_unknown_module_and_no_module_are_refused(admin: Visitor) -> None:
    assert admin.get(f"{PLAN}?on=orders&off=orders").status_code == 400
    assert admin.get(f"{PLAN}?on=nothing").status_code == 404
    assert admin.post(PLAN, {"plan": ""}).status_code == 400


def test_a_viewer_may_neither_see_nor_accept_it(viewer: Visitor, console_app: Flask) -> None:
    assert viewer.get(f"{PLAN}?on=analytics").status_code == 403
    assert viewer.post(f"{PLAN}?on=analytics", {"plan": ""}).status_code == 403
