"""What gave up is seen, tried again or let go: on the page with and without htmx, and by programs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from console.services import deliveries, tasks
from console.services.views import PlatformView
from console.storage.uow import read_session, unit_of_work
from console.testing.journeys import make_platform, switch
from console.testing.people import Visitor, program
from tests.support.resting import rest

PAGE = "/admin/acme/operations/given-up"
States = Callable[[], tuple[str, str]]


@pytest.fixture
def resting(console_app: Flask, console_platform: PlatformView) -> tuple[str, str]:
    delivery, run = rest(console_app, console_platform.id)
    return f"delivery-{delivery}", f"task-{run}"


@pytest.fixture
def states(console_app: Flask, console_platform: PlatformView) -> States:
    def read() -> tuple[str, str]:
        with console_app.app_context():
            delivery = deliveries.listing(read_session(), console_platform.id)[0]
            run = tasks.listing(read_session(), console_platform.id)[0]
            return delivery.state.value, run.state.value

    return read


def test_the_page_names_what_rests_with_its_last_error(admin: Visitor, resting: tuple[str, str]) -> None:
    page = admin.get(PAGE)
    for text in ("shop.hear_orders", "ConnectionError: &lt;no route&gt;", "recount", "too hard", "5 attempts"):
        assert text in page.text
    assert 'id="operation-tab-given-up" data-testid="tab-given-up" aria-current="true">Given up <span>2</span>' in (
        page.text
    )


def test_the_overview_and_the_health_page_count_it(admin: Visitor, resting: tuple[str, str]) -> None:
    for path in ("/admin/acme/", "/admin/acme/health"):
        assert "2 events and tasks gave up after their last try." in admin.get(path).text


def test_nothing_is_said_when_nothing_rests(admin: Visitor, console_platform: PlatformView) -> None:
    assert "Nothing has given up" in admin.get(PAGE).text
    assert "gave up" not in admin.get("/admin/acme/").text


def test_each_decision_works_without_javascript_and_is_audited(
    admin: Visitor, resting: tuple[str, str], states: States
) -> None:
    delivery, run = resting
    assert admin.post(f"{PAGE}/{delivery}/again").status_code == 303
    assert admin.post(f"{PAGE}/{run}/let-go").status_code == 303
    assert states() == ("pending", "skipped")
    audit = admin.get("/admin/acme/audit").text
    assert "An event that shop.hear_orders had not heard is delivered again" in audit
    assert "The task modules.orders.tasks.recount was let go" in audit
    assert "Nothing has given up" in admin.get(PAGE).text


def test_htmx_gets_what_is_left_the_tabs_and_a_sentence(
    admin: Visitor, resting: tuple[str, str], states: States
) -> None:
    answer = admin.post(f"{PAGE}/{resting[1]}/again", HX_Request="true", HX_Request_Type="partial")
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "The task is run again" in answer.text
    assert 'hx-target="#operation-tabs"' in answer.text
    assert resting[1] not in answer.text
    assert resting[0] in answer.text
    assert states() == ("failed", "pending")


def test_a_second_decision_is_told_that_the_first_was_made(
    admin: Visitor, resting: tuple[str, str], states: States
) -> None:
    assert admin.post(f"{PAGE}/{resting[0]}/let-go").status_code == 303
    refused = admin.post(f"{PAGE}/{resting[0]}/again")
    assert refused.status_code == 409
    assert "It does not rest any more." in refused.text
    assert states() == ("skipped", "failed")


def test_who_may_only_look_decides_nothing(viewer: Visitor, resting: tuple[str, str], states: States) -> None:
    assert "Deliver again" not in viewer.get(PAGE).text
    assert viewer.post(f"{PAGE}/{resting[0]}/again").status_code == 403
    assert states() == ("failed", "failed")


@pytest.mark.parametrize("key", ["delivery-999999", "step-1", "delivery-", "task-x", "delivery-9999999999999999999"])
def test_what_is_not_there_is_not_found(admin: Visitor, console_platform: PlatformView, key: str) -> None:
    assert admin.post(f"{PAGE}/{key}/again").status_code == 404


def test_another_platforms_rest_is_unknown(admin: Visitor, console_app: Flask) -> None:
    delivery, _ = rest(console_app, make_platform(console_app, "globex", "Globex").id)
    assert admin.post(f"{PAGE}/delivery-{delivery}/again").status_code == 404
    assert "shop.hear_orders" not in admin.get(PAGE).text


def test_failed_operations_stand_on_the_page_too(
    admin: Visitor, console_app: Flask, console_platform: PlatformView
) -> None:
    from console.domain.words import OperationState
    from console.storage.tables import Operation

    view = switch(console_app, console_platform.id, "analytics", on=True)
    assert view is not None
    with console_app.app_context(), unit_of_work() as uow:
        operation = uow.session.get(Operation, view.id)
        assert operation is not None
        operation.state = OperationState.FAILED
    assert f'id="operation-row-{view.id}"' in admin.get(PAGE).text


def test_programs_do_all_that_the_page_does(
    console_app: Flask, console_platform: PlatformView, resting: tuple[str, str], states: States
) -> None:
    client = program(console_app, platform=console_platform)
    listed = client.send("GET", "/api/admin/operations/given-up").get_json()["given_up"]
    assert [each["id"] for each in listed] == list(resting)
    assert listed[0]["event"] == "enabled"
    assert listed[0]["error"] == "ConnectionError: <no route>"
    done = client.send("POST", f"/api/admin/operations/given-up/{resting[0]}/let-go", {})
    assert done.get_json()["given_up"]["state"] == "skipped"
    again = client.send("POST", f"/api/admin/operations/given-up/{resting[0]}/again", {})
    assert (again.status_code, again.get_json()["error"]["code"]) == (409, "not_given_up")
    assert states() == ("skipped", "failed")
