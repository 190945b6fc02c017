"""What the corner says of an operation: true while it runs and after, with the way back to exactly what was."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from console.services import snapshots
from console.services.views import PlatformView
from console.storage.uow import read_session
from console.testing.journeys import is_on, settle, switch
from console.testing.people import Visitor
from tests.support.bench import HOSTILE, QUICK
from tests.support.calls import VARIABLE
from tests.web.html import hidden_fields

MODULES = "/admin/acme/modules"
ANALYTICS = f"{MODULES}/analytics/enable"


def toast(answer: TestResponse) -> str:
    found = re.search(r'hx-target="#toasts" hx-swap="beforeend">(.*?)</hx-partial>', answer.text, re.S)
    return found[1] if found else ""


def undo_of(answer: TestResponse) -> str:
    found = re.search(r'action="(/admin/acme/operations/\d+/undo)"', toast(answer))
    assert found, "the toast offers no way back"
    return found[1]


def rows_of(app: Flask, platform: PlatformView) -> dict[str, tuple[bool, str | None]]:
    with app.app_context():
        rows = snapshots.current(read_session(), app.extensions["console"], platform.id).rows
        return {code: (row.wanted, row.origin) for code, row in rows.items() if row.wanted}


def enable(admin: Visitor, url: str = ANALYTICS) -> TestResponse:
    fields = hidden_fields(admin.get(url), url)
    return admin.post(url, fields, HX_Request="true")


def test_a_direct_switch_can_be_taken_back_at_once(
    admin: Visitor, console_app: Flask, console_platform: PlatformView
) -> None:
    before = rows_of(console_app, console_platform)
    answer = enable(admin)
    assert "Analytics &amp; Reports is on" in toast(answer)
    undo = undo_of(answer)
    fields = hidden_fields(answer, undo)
    undone = admin.post(undo, fields, HX_Request="true")
    assert undone.status_code == 200
    assert rows_of(console_app, console_platform) == before
    assert 'hx-target="#row-analytics"' in undone.text
    assert "Analytics &amp; Reports is off" in toast(undone)
    assert f'data-replaces="{undo.split("/")[-2]}"' in toast(undone)
    assert 'data-home="switch-analytics"' in toast(undone)
    assert "toast-undo" not in toast(undone)


def test_the_way_back_restores_the_origins_too(
    admin: Visitor, console_app: Flask, console_platform: PlatformView
) -> None:
    switch(console_app, console_platform.id, "orders", on=True)
    before = rows_of(console_app, console_platform)
    assert before["payments"] == (True, "implied")
    answer = enable(admin, f"{MODULES}/payments/disable")
    undo = undo_of(answer)
    redone = admin.post(undo, hidden_fields(answer, undo), HX_Request="true")
    assert redone.status_code == 200
    settle(console_app, console_platform.id, int(re.findall(r'data-operation="(\d+)"', toast(redone))[0]))
    assert rows_of(console_app, console_platform) == before


def test_while_it_runs_it_says_so_and_the_last_answer_of_the_row_says_how_it_ended(
    admin: Visitor, console_app: Flask, console_platform: PlatformView
) -> None:
    begun = enable(admin, f"{MODULES}/orders/enable")
    assert "Enabling Orders, and 1 more" in toast(begun)
    assert "toast-undo" not in toast(begun)
    operation = re.findall(r'data-operation="(\d+)"', toast(begun))[0]
    assert toast(admin.get(f"{MODULES}/orders/row", HX_Request="true")) == ""
    settle(console_app, console_platform.id, int(operation))
    ended = admin.get(f"{MODULES}/orders/row", HX_Request="true")
    assert "Orders is on, and 1 more" in toast(ended)
    assert f'data-operation="{operation}"' in toast(ended)
    assert undo_of(ended)


def test_a_later_change_is_never_run_over(admin: Visitor, console_app: Flask, console_platform: PlatformView) -> None:
    answer = enable(admin)
    undo = undo_of(answer)
    switch(console_app, console_platform.id, "analytics", on=False)
    switch(console_app, console_platform.id, "analytics", on=True)
    refused = admin.post(undo, hidden_fields(answer, undo), HX_Request="true")
    assert refused.status_code == 409
    assert refused.headers["HX-Retarget"] == "#dialog"
    assert "A later operation has changed analytics" in refused.text
    assert is_on(console_app, console_platform.id, "analytics")


def test_without_htmx_the_list_offers_the_way_back_too(admin: Visitor) -> None:
    fields = hidden_fields(admin.get(MODULES), ANALYTICS)
    page = admin.get(admin.post(ANALYTICS, fields).headers["Location"])
    undo = re.findall(r'action="(/admin/acme/operations/\d+/undo)"', page.text)[0]
    answer = admin.post(undo, hidden_fields(page, undo))
    assert answer.status_code == 303
    assert "/admin/acme/operations/" in answer.headers["Location"]


def test_a_stranger_operation_in_the_address_says_nothing(admin: Visitor) -> None:
    assert 'data-testid="toast"' not in admin.get(f"{MODULES}?operation=999999").text


def test_from_another_page_the_answer_is_that_page_with_the_sentence(admin: Visitor) -> None:
    here = f"{MODULES}/analytics"
    fields = {**hidden_fields(admin.get(ANALYTICS), ANALYTICS), "csrf_token": admin.csrf}
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{here}"}
    answer = admin.client.post(ANALYTICS, data=fields, headers=headers)
    assert answer.headers["HX-Redirect"] == here
    assert "Analytics &amp; Reports is on" in admin.get(here).text


class TestFailure:
    @pytest.fixture
    def console_settings(
        self, console_settings: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> dict[str, object]:
        monkeypatch.setenv(VARIABLE, str(tmp_path / "calls"))
        return {**console_settings, **QUICK, "hook_attempts": 1, "modules_path": [HOSTILE / "hooks"]}

    def test_a_failure_is_said_with_its_reason_and_stays_until_it_is_read(
        self, admin: Visitor, console_app: Flask, console_platform: PlatformView
    ) -> None:
        begun = enable(admin, f"{MODULES}/raising/enable")
        operation = int(re.findall(r'data-operation="(\d+)"', toast(begun))[0])
        settle(console_app, console_platform.id, operation)
        said = toast(admin.get(f"{MODULES}/raising/row", HX_Request="true"))
        assert "Enable Raising failed: no luck today" in said
        assert "data-keep" in said
        assert "toast-undo" not in said
