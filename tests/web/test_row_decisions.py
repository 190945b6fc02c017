"""Retry and Keep in a module's row: decided where the row stands, by htmx in its place and without it on that page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from console.services.views import PlatformView
from console.testing.journeys import switch
from console.testing.people import Visitor
from tests.support.bench import HOSTILE, QUICK
from tests.support.calls import VARIABLE
from tests.web.html import element, hidden_fields

LIST = "/admin/acme/modules"
PAGES = (f"{LIST}?show=attention&q=rais", f"{LIST}/raising", "/admin/acme/")


@pytest.fixture
def console_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "calls"))
    own = {"hook_attempts": 1, "data_dir": tmp_path / "data", "modules_path": [HOSTILE / "hooks"]}
    return {**QUICK, **own, "insecure_http": True}


@pytest.fixture
def failed(console_app: Flask, console_platform: PlatformView) -> str:
    """The address of an operation whose hook failed, without the decision."""
    found = switch(console_app, console_platform.id, "raising", on=True)
    assert found is not None
    return f"/admin/acme/operations/{found.id}"


def press(person: Visitor, url: str, page: str) -> TestResponse:
    """Press the button as htmx does on ``page``."""
    fields = {**hidden_fields(person.get(page), url), "csrf_token": person.csrf}
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{page}"}
    return person.client.post(url, data=fields, headers=headers)


def targets(answer: TestResponse) -> set[str]:
    return set(re.findall(r'<hx-partial hx-target="([^"]+)"', answer.text))


def test_keep_brings_the_row_its_counters_and_a_sentence(admin: Visitor, failed: str) -> None:
    answer = press(admin, f"{failed}/keep", LIST)
    assert answer.status_code == 200
    assert {"#row-raising", "#counters", "#module-tabs", "#nav-groups", "#toasts"} <= targets(answer)
    assert 'data-look="off"' in element(answer, "module-row-raising")
    assert "all is well" in answer.text
    assert "HX-Redirect" not in answer.headers


def test_retry_sets_the_row_on_its_way_again(admin: Visitor, failed: str) -> None:
    answer = press(admin, f"{failed}/retry", f"{LIST}?show=attention")
    row = element(answer, "module-row-raising")
    assert 'data-look="busy"' in row
    assert 'hx-trigger="every 1s"' in row
    assert "Enabling Raising" in answer.text


def test_a_decision_that_came_too_late_says_so_and_shows_the_row_as_it_is(admin: Visitor, failed: str) -> None:
    stale = hidden_fields(admin.get(LIST), f"{failed}/retry")
    press(admin, f"{failed}/keep", LIST)
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{LIST}"}
    answer = admin.client.post(f"{failed}/retry", data={**stale, "csrf_token": admin.csrf}, headers=headers)
    assert answer.status_code == 409
    assert 'data-look="off"' in element(answer, "module-row-raising")
    assert "data-keep" in answer.text
    headers["HX-Current-URL"] = f"http://localhost{LIST}/raising"
    elsewhere = admin.client.post(f"{failed}/retry", data={**stale, "csrf_token": admin.csrf}, headers=headers)
    assert elsewhere.status_code == 409
    assert targets(elsewhere) == {"#toasts"}


@pytest.mark.parametrize("page", PAGES)
def test_without_htmx_a_decision_leads_back_to_its_page(admin: Visitor, failed: str, page: str) -> None:
    answer = admin.post(f"{failed}/keep", hidden_fields(admin.get(page), f"{failed}/keep"))
    assert answer.status_code == 303
    assert answer.headers["Location"] == page
    assert "Raising: Kept" in admin.get(page).text


@pytest.mark.parametrize("page", PAGES[1:])
def test_on_another_page_htmx_reads_that_page_again(admin: Visitor, failed: str, page: str) -> None:
    answer = press(admin, f"{failed}/keep", page)
    assert answer.headers["HX-Redirect"] == page
    assert "Raising: Kept" in admin.get(page).text


def test_a_form_leads_to_no_other_site(admin: Visitor, failed: str) -> None:
    assert admin.post(f"{failed}/keep", {"back": "//evil.example/"}).headers["Location"] == "/"


def test_undo_in_a_row_shows_its_plan_in_the_dialog(admin: Visitor, failed: str) -> None:
    row = element(admin.get(LIST), "module-row-raising")
    assert f'id="undo-raising" href="{failed}/undo" hx-get="{failed}/undo" hx-target="#dialog"' in row
