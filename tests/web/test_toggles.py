"""Switching on the page: the plan first, then exactly that plan, as a part for htmx and as a page without it."""

from __future__ import annotations

import pytest
from flask import Flask

from console.errors import StorageUnavailable
from console.services import recovery
from console.services.views import PlatformView
from console.testing.journeys import is_on, settle, switch
from console.testing.people import Visitor
from tests.web.html import element, hidden_fields

MODULES = "/admin/acme/modules"
ENABLE_ORDERS = f"{MODULES}/orders/enable"
ENABLE_ANALYTICS = f"{MODULES}/analytics/enable"


def test_looking_at_a_plan_changes_nothing(admin: Visitor, console_app: Flask, console_platform: PlatformView) -> None:
    page = admin.get(ENABLE_ORDERS)
    assert page.status_code == 200
    assert "required by Orders" in page.text
    assert not is_on(console_app, console_platform.id, "orders")


def test_dialog_and_page_show_the_same_plan(admin: Visitor) -> None:
    page, dialog = admin.get(ENABLE_ORDERS), admin.get(ENABLE_ORDERS, HX_Request="true")
    assert dialog.text.startswith("<dialog")
    assert dialog.headers["HX-Retarget"] == "#dialog"
    assert hidden_fields(page, ENABLE_ORDERS)["plan"] == hidden_fields(dialog, ENABLE_ORDERS)["plan"]


def test_a_direct_switch_answers_row_counters_menu_and_a_sentence(admin: Visitor) -> None:
    fields = hidden_fields(admin.get(MODULES), ENABLE_ANALYTICS)
    answer = admin.post(ENABLE_ANALYTICS, fields, HX_Request="true")
    assert answer.status_code == 200
    assert 'aria-checked="true"' in element(answer, "module-row-analytics")
    for target in ("#row-analytics", "#counters", "#module-tabs", "#nav-groups", "#toasts"):
        assert f'hx-target="{target}"' in answer.text
    assert 'data-testid="menu-analytics-dashboard"' in answer.text
    assert "3 <small>of 7</small>" in answer.text


def test_without_htmx_the_list_follows_and_says_what_happened(admin: Visitor) -> None:
    fields = hidden_fields(admin.get(MODULES), ENABLE_ANALYTICS)
    answer = admin.post(ENABLE_ANALYTICS, fields)
    assert answer.status_code == 303
    assert "Analytics &amp; Reports is on" in admin.get(answer.headers["Location"]).text


def test_a_plan_with_hooks_leads_to_its_operation(admin: Visitor) -> None:
    fields = hidden_fields(admin.get(ENABLE_ORDERS), ENABLE_ORDERS)
    answer = admin.post(ENABLE_ORDERS, fields)
    assert answer.status_code == 303
    page = admin.get(answer.headers["Location"])
    assert 'data-testid="step-payments"' in page.text
    assert 'hx-trigger="every 1s"' in page.text


def test_a_row_on_its_way_asks_for_itself_until_it_is_there(
    admin: Visitor, console_app: Flask, console_platform: PlatformView
) -> None:
    fields = hidden_fields(admin.get(ENABLE_ORDERS), ENABLE_ORDERS)
    begun = admin.post(ENABLE_ORDERS, fields, HX_Request="true")
    assert 'hx-get="/admin/acme/modules/orders/row"' in element(begun, "module-row-orders")
    operation_id = int(begun.text.partition("/admin/acme/operations/")[2].partition('"')[0])
    settle(console_app, console_platform.id, operation_id)
    row = element(admin.get(f"{MODULES}/orders/row", HX_Request="true"), "module-row-orders")
    assert "hx-trigger" not in row
    assert 'data-look="on"' in row


@pytest.mark.parametrize("digest", ["", "0" * 64])
def test_any_other_plan_is_refused_with_the_plan_of_now(
    admin: Visitor, console_app: Flask, console_platform: PlatformView, digest: str
) -> None:
    answer = admin.post(ENABLE_ORDERS, {"want": "on", "plan": digest}, HX_Request="true")
    assert answer.status_code == 409
    assert "changed since you looked" in answer.text
    assert answer.headers["HX-Retarget"] == "#dialog"
    assert len(hidden_fields(answer, ENABLE_ORDERS)["plan"]) == 64
    assert not is_on(console_app, console_platform.id, "payments")


def test_a_core_module_is_refused_with_the_rule_by_every_road_of_the_page(admin: Visitor) -> None:
    address = f"{MODULES}/cms/disable"
    page = admin.get(address)
    assert "plan-confirm" not in page.text
    answer = admin.post(address, {"want": "off", "plan": ""})
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
    assert "core" in answer.text.lower()


def test_disabling_names_what_goes_with_it_and_offers_what_nothing_needs(
    admin: Visitor, console_app: Flask, console_platform: PlatformView
) -> None:
    switch(console_app, console_platform.id, "orders", on=True)
    assert "requires Payments" in admin.get(f"{MODULES}/payments/disable").text
    plan = admin.get(f"{MODULES}/orders/disable")
    assert "Also switch off Payments" in plan.text
    pruned = admin.get(f"{MODULES}/orders/disable?prune=1")
    fields = hidden_fields(pruned, f"{MODULES}/orders/disable")
    assert fields["prune"] == "1"
    assert admin.post(f"{MODULES}/orders/disable", fields).status_code == 303


def test_a_form_that_asks_for_the_opposite_of_its_address_is_refused(admin: Visitor) -> None:
    assert admin.post(ENABLE_ANALYTICS, {"want": "off", "plan": ""}).status_code == 400


def test_an_unknown_module_suggests_a_known_one(admin: Visitor) -> None:
    page = admin.get(f"{MODULES}/order/enable")
    assert page.status_code == 404


def test_a_viewer_may_not_switch(viewer: Visitor, console_app: Flask, console_platform: PlatformView) -> None:
    assert viewer.get(ENABLE_ANALYTICS).status_code == 403
    assert viewer.post(ENABLE_ANALYTICS, {"want": "on", "plan": ""}).status_code == 403
    assert not is_on(console_app, console_platform.id, "analytics")


def test_asking_for_what_is_so_already_changes_nothing(admin: Visitor) -> None:
    fields = hidden_fields(admin.get(MODULES), ENABLE_ANALYTICS)
    admin.post(ENABLE_ANALYTICS, fields)
    page = admin.get(ENABLE_ANALYTICS)
    assert "nothing to do" in page.text
    fields = hidden_fields(page, ENABLE_ANALYTICS)
    assert "There was nothing to do" in admin.post(ENABLE_ANALYTICS, fields, HX_Request="true").text


def test_a_fault_of_the_database_under_the_answer_takes_the_switch_back(
    admin: Visitor, console_app: Flask, console_platform: PlatformView, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only a rule may keep the way back out of the sentence; what the database says is said."""

    def fail(*_: object) -> None:
        raise StorageUnavailable("The disk is full.")

    fields = hidden_fields(admin.get(MODULES), ENABLE_ANALYTICS)
    with monkeypatch.context() as patch:
        patch.setattr(recovery, "undo_plan", fail)
        assert admin.post(ENABLE_ANALYTICS, fields, HX_Request="true").status_code == 503
    assert not is_on(console_app, console_platform.id, "analytics")
    assert admin.post(ENABLE_ANALYTICS, fields, HX_Request="true").status_code == 200
    assert is_on(console_app, console_platform.id, "analytics")
