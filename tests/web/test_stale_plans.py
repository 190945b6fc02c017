"""A plan that is confirmed too late: nothing is done, and the plan of now says what is different."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from console.services.views import PlatformView
from console.testing.journeys import is_on, switch
from console.testing.people import Visitor
from tests.web.html import element, hidden_fields

MODULES = "/admin/acme/modules"
PLAN = "/admin/acme/operations/plan"


def changes(page: TestResponse) -> str:
    return element(page, "plan-changes").partition("<ul>")[2].partition("</ul>")[0]


@pytest.fixture
def acme(console_platform: PlatformView) -> int:
    return console_platform.id


def test_what_is_on_meanwhile_is_no_longer_part_of_it(admin: Visitor, console_app: Flask, acme: int) -> None:
    action = f"{MODULES}/orders/enable"
    fields = hidden_fields(admin.get(action), action)
    assert fields["shown"] == "enable:payments enable:orders"
    switch(console_app, acme, "payments", on=True)
    answer = admin.post(action, fields, HX_Request="true")
    assert answer.status_code == 409
    assert "Payments is not part of it any more: it is on already." in changes(answer)
    assert "Orders" not in changes(answer)
    assert not is_on(console_app, acme, "orders")
    again = hidden_fields(answer, action)
    assert again["shown"] == "enable:orders"
    assert admin.post(action, again, HX_Request="true").status_code == 200


def test_what_a_direct_switch_would_take_along_now_is_named_and_marked(
    admin: Visitor, console_app: Flask, acme: int
) -> None:
    switch(console_app, acme, "payments", on=True)
    fields = hidden_fields(admin.get(MODULES), f"{MODULES}/payments/disable")
    switch(console_app, acme, "orders", on=True)
    answer = admin.post(f"{MODULES}/payments/disable", fields, HX_Request="true")
    assert answer.status_code == 409
    assert "New: Orders goes off (requires Payments)." in changes(answer)
    assert '<span class="chip warn">new</span>' in element(answer, "plan-step-orders").partition("</li>")[0]
    assert is_on(console_app, acme, "payments")


def test_the_page_without_htmx_says_the_same(admin: Visitor, console_app: Flask, acme: int) -> None:
    action = f"{MODULES}/orders/enable"
    fields = hidden_fields(admin.get(action), action)
    switch(console_app, acme, "payments", on=True)
    page = admin.post(action, fields)
    assert page.status_code == 409
    assert "it is on already" in changes(page)
    assert "<html" in page.text


def test_a_warning_that_came_is_said(admin: Visitor, console_app: Flask, acme: int) -> None:
    switch(console_app, acme, "orders", on=True)
    switch(console_app, acme, "payments", on=True)  # for its own sake
    action = f"{MODULES}/orders/disable"
    fields = hidden_fields(admin.get(action), action)
    switch(console_app, acme, "orders", on=False)
    switch(console_app, acme, "payments", on=False)
    switch(console_app, acme, "orders", on=True)  # payments came along
    assert "There is a warning that was not there." in changes(admin.post(action, fields))


def test_a_bulk_plan_says_it_too(admin: Visitor, console_app: Flask, acme: int) -> None:
    action = f"{PLAN}?on=analytics&amp;on=billing"
    fields = hidden_fields(admin.get(action.replace("&amp;", "&")), action)
    switch(console_app, acme, "billing", on=True)
    answer = admin.post(action.replace("&amp;", "&"), fields, HX_Request="true")
    assert answer.status_code == 409
    assert "Billing is not part of it any more" in changes(answer)


@pytest.mark.parametrize("shown", ["enable:nothing", "x" * 30_000, ":::", "notice:<script>:x", "enable:<b>"])
def test_made_up_words_of_the_form_harm_nobody(admin: Visitor, shown: str) -> None:
    action = f"{MODULES}/orders/enable"
    answer = admin.post(action, {"want": "on", "plan": "0" * 64, "shown": shown})
    assert answer.status_code == 409
    assert "<script>:x" not in answer.text
    assert "<b>" not in changes(answer)


def test_a_form_that_does_not_say_what_it_showed_gets_the_plan_alone(admin: Visitor) -> None:
    answer = admin.post(f"{PLAN}?on=analytics", {"plan": "0" * 64})
    assert answer.status_code == 409
    assert "<ul>" not in element(answer, "plan-changes").partition("</div>")[0]
