"""What the pages say when a hook misbehaves: the reason, who may see how much of it, and every way out."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from console.domain.words import OperationState
from console.services.operation_views import OperationView
from console.services.views import PlatformView
from console.testing.journeys import settle, switch
from console.testing.people import Visitor
from tests.support.bench import HOSTILE, QUICK
from tests.support.calls import VARIABLE
from tests.web.html import element

LIST = "/admin/acme/modules"


@pytest.fixture
def console_settings(
    console_settings: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, object]:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "calls"))
    folder = HOSTILE / "hooks"
    return {**console_settings, **QUICK, "hook_attempts": 1, "modules_path": [folder]}


@pytest.fixture
def failed(console_app: Flask, console_platform: PlatformView) -> OperationView:
    found = switch(console_app, console_platform.id, "raising", on=True)
    assert found is not None
    assert found.state is OperationState.FAILED
    return found


def test_the_row_says_why_and_offers_the_ways_out(admin: Visitor, failed: OperationView) -> None:
    row = element(admin.get(LIST), "module-row-raising")
    assert 'data-look="failed"' in row
    assert "no luck today" in row
    for way in ("Retry", "Undo", "Keep", "Details"):
        assert f">{way}<" in row
    assert ">1 <small>need a look</small>" in admin.get(LIST).text


def test_admins_see_the_traceback_and_viewers_only_the_reason(
    admin: Visitor, viewer: Visitor, failed: OperationView
) -> None:
    address = f"/admin/acme/operations/{failed.id}"
    for person, sees in ((admin, True), (viewer, False)):
        text = person.get(address).text
        assert "RuntimeError" in text
        assert "no luck today" in text
        assert ("Traceback (most recent call last)" in text) is sees


def test_keep_leaves_it_off_and_the_row_is_at_rest(admin: Visitor, failed: OperationView) -> None:
    assert admin.post(f"/admin/acme/operations/{failed.id}/keep").status_code == 303
    row = element(admin.get(LIST), "module-row-raising")
    assert 'data-look="off"' in row
    assert "Kept as it is" in admin.get(f"/admin/acme/operations/{failed.id}").text


def test_retry_runs_the_same_operation_again(
    admin: Visitor, failed: OperationView, console_app: Flask, console_platform: PlatformView
) -> None:
    assert admin.post(f"/admin/acme/operations/{failed.id}/retry").status_code == 303
    assert 'data-look="busy"' in element(admin.get(LIST), "module-row-raising")
    assert settle(console_app, console_platform.id, failed.id).state is OperationState.FAILED


def test_a_wrong_field_that_the_module_does_not_have_is_named_without_a_dead_link(
    admin: Visitor, console_app: Flask, console_platform: PlatformView
) -> None:
    found = switch(console_app, console_platform.id, "misconfigured", on=True)
    assert found is not None
    text = admin.get(f"/admin/acme/operations/{found.id}").text
    assert "api_key" in text
    assert "/modules/misconfigured/config" not in text


def test_the_overview_puts_what_failed_first(admin: Visitor, failed: OperationView) -> None:
    text = admin.get("/admin/acme/").text
    assert text.index("Needs a look") < text.index("no luck today")


def test_the_registry_shows_what_is_loaded_from_a_folder(root: Visitor) -> None:
    row = element(root.get("/instance/modules"), "registry-raising")
    assert "folder" in row
    assert "Loaded" in row


class TestWhatOthersWaitFor:
    @pytest.fixture
    def console_settings(self, console_settings: dict[str, object]) -> dict[str, object]:
        return {**console_settings, "hook_timeout_s": 0.5}

    def test_a_module_whose_requirement_failed_says_what_it_waits_for(
        self, admin: Visitor, console_app: Flask, console_platform: PlatformView
    ) -> None:
        found = switch(console_app, console_platform.id, "follower", on=True)
        assert found is not None
        assert found.state is OperationState.FAILED
        page = admin.get(LIST)
        assert "On, waiting for Gated" in element(page, "module-row-follower")
        assert 'data-look="waiting"' in element(page, "module-row-follower")
        assert 'data-look="failed"' in element(page, "module-row-gated")
        assert 'aria-checked="true"' in element(page, "module-row-follower")


def test_what_failed_or_waits_does_not_count_as_on(admin: Visitor, failed: OperationView) -> None:
    page = admin.get("/admin/acme/modules").text
    assert page.count('data-look="on"') == int(page.split('data-testid="count-on">')[1].split()[0])
    shown = admin.get("/admin/acme/modules?show=on").text
    assert 'data-look="failed"' not in shown
    assert 'data-look="failed"' in admin.get("/admin/acme/modules?show=off").text
