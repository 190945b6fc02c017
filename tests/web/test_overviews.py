"""The pages people look at first: what they count is what the other pages show, and trouble is named."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from console.context import runtime
from console.domain.health import Report
from console.domain.plan_types import ChangeRequest
from console.domain.words import HealthStatus
from console.services import audit, health, operations, platforms, schema
from console.services.views import PlatformView, VendorView
from console.storage.uow import read_session, unit_of_work
from console.testing.journeys import TESTER, make_platform, switch
from console.testing.people import Visitor
from tests.support.bench import HOSTILE, QUICK
from tests.support.calls import VARIABLE

HTMX = {"HX_Request": "true", "HX_Request_Type": "partial"}


@pytest.fixture
def console_settings(
    console_settings: dict[str, object], tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> dict[str, object]:
    """The modules of the house and some that misbehave."""
    monkeypatch.setenv(VARIABLE, f"{tmp_path}/calls")
    return {**console_settings, **QUICK, "hook_attempts": 1, "modules_path": [str(HOSTILE / "cli")]}


@pytest.fixture
def trouble(console_app: Flask, console_platform: PlatformView) -> PlatformView:
    """A platform where one module failed and one is ill; one that is installed is broken."""
    switch(console_app, console_platform.id, "sticky", on=True)
    switch(console_app, console_platform.id, "analytics", on=True)
    with console_app.app_context(), unit_of_work() as uow:
        report = Report(HealthStatus.UNHEALTHY, "the disk is full", {})
        health.store(uow, "analytics", report, now=runtime().clock())
    return console_platform


def text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def section(page: str, name: str) -> str:
    found = re.search(rf'<section[^>]*data-testid="{name}".*?</section>', page, re.S)
    assert found, page
    return text(found[0])


def test_the_instance_names_what_needs_a_look_and_where(root: Visitor, trouble: PlatformView) -> None:
    page = root.get("/instance/").text
    found = section(page, "attention")
    assert "Sticky Acme Enabling failed the gate is closed Details" in found
    assert "Analytics & Reports Acme Unhealthy the disk is full" in found.replace("&amp;", "&")
    assert "broken on every platform Quarantined" in found
    assert 'href="/admin/acme/modules/sticky"' in page
    assert re.search(r'href="/admin/acme/operations/\d+">Details', page)


def test_both_overviews_count_the_same(root: Visitor, console_app: Flask, trouble: PlatformView) -> None:
    make_platform(console_app, "globex", "Globex")
    instance = root.get("/instance/").text
    for slug in ("acme", "globex"):
        row = re.search(rf'data-testid="platform-{slug}".*?</tr>', instance, re.S)
        assert row
        own = root.get(f"/admin/{slug}/").text
        counted = [re.search(rf'data-testid="count-{name}">(\d+)', own) for name in ("on", "attention")]
        on, attention = (each[1] for each in counted if each)
        assert f'data-label="Modules on:">{on}<' in row[0]
        assert f"{attention} module" in text(row[0])


def test_an_instance_without_platforms_says_how_to_begin(root: Visitor) -> None:
    page = text(root.get("/instance/").text)
    assert "No platform yet" in page
    assert "Create platform" in page
    assert "Nothing runs" in page


def test_a_branch_that_waits_is_named_once(
    root: Visitor, console_app: Flask, console_platform: PlatformView, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_platform(console_app, "globex", "Globex")
    monkeypatch.setattr(schema, "versions_of", lambda module: HOSTILE / "none" / module.code)
    monkeypatch.setattr(schema, "_ids", lambda folder, label: {"cms_999"} if label == "cms" else set())
    found = section(root.get("/instance/").text, "attention")
    assert found.count("cms needs migration: cms_999 is not applied.") == 1


def test_a_runner_that_is_missing_is_said_on_both(root: Visitor, console_platform: PlatformView) -> None:
    for address in ("/instance/", "/admin/acme/"):
        assert 'data-testid="no-runner"' in root.get(address).text


def test_recent_changes_name_their_platform_and_leave_logins_out(
    root: Visitor, console_app: Flask, trouble: PlatformView
) -> None:
    page = text(root.get("/instance/").text)
    changes = page[page.index("Recent changes") :]
    assert "Sticky was asked for" in changes
    assert "acme" in changes
    assert "logged in" not in changes
    assert "The step for" not in changes


def test_what_runs_anywhere_is_followed(root: Visitor, console_app: Flask, console_platform: PlatformView) -> None:
    with console_app.app_context(), unit_of_work() as uow:
        rt = runtime()
        request = ChangeRequest({"sticky": True})
        operations.accept(uow, rt, console_platform.id, request, actor=TESTER, now=rt.clock())
    part = root.get("/instance/", **HTMX).text
    assert 'hx-trigger="every 1s"' in part
    assert "Enable Sticky acme" in text(part)
    row = re.search(r'data-testid="platform-acme".*?</tr>', root.get("/instance/").text, re.S)
    assert row
    assert "1 operation runs" in row[0]
    assert 'hx-trigger="every 1s"' in root.get("/admin/acme/").text
    live = root.get("/admin/acme/", **HTMX).text
    assert re.findall(r'<hx-partial hx-target="#([\w-]+)"', live) == ["counters", "recent-operations"]


def test_the_running_operations_alone_are_asked_for_again(root: Visitor, console_platform: PlatformView) -> None:
    part = root.get("/instance/", **HTMX).text
    assert 'id="running"' in part
    assert "<html" not in part
    assert "hx-get" not in part


def test_the_overview_draws_thirty_days_with_their_numbers(admin: Visitor, trouble: PlatformView) -> None:
    page = admin.get("/admin/acme/").text
    drawings = re.findall(r'<svg class="spark.*?</svg>', page, re.S)
    assert len(drawings) == 4
    for drawing in drawings:
        assert drawing.count("<rect ") == 30
        assert "<title id=" in drawing
        assert "<desc id=" in drawing
    assert "style=" not in "".join(drawings)
    numbers = section(page, "activity")
    assert "Failed steps 1 1 today" in numbers
    assert re.search(r"Day Operations Changes by people Failed steps Events \w+ \d+, \d{4} 3 \d 1 ", numbers)


def test_vendors_show_when_they_came_and_were_active(
    admin: Visitor, owner: Visitor, console_vendor: VendorView
) -> None:
    shown = section(admin.get("/admin/acme/").text, "vendors")
    assert "1 new" in shown
    assert "First Shop new first-shop" in shown
    assert "nobody has logged in" not in shown
    assert owner.get("/vendor/first-shop/").status_code == 200


def test_a_quiet_platform_says_so(admin: Visitor, console_app: Flask, console_platform: PlatformView) -> None:
    page = admin.get("/admin/acme/").text
    assert "No vendor yet" in page
    assert 'data-testid="attention"' in page  # the broken module is everybody's


def test_a_viewer_sees_the_ways_to_change_disabled(viewer: Visitor, trouble: PlatformView) -> None:
    page = viewer.get("/admin/acme/")
    assert page.status_code == 200
    retry = re.search(r"<button ([^>]*)>Retry", page.text)
    assert retry is not None
    assert "disabled" in retry[1]
    assert "operations.manage" in retry[1]


def test_a_secret_that_was_none_once_is_masked_in_the_audit(
    admin: Visitor, console_app: Flask, console_platform: PlatformView
) -> None:
    with console_app.app_context(), unit_of_work() as uow:
        platform = platforms.by_slug(read_session(), "acme")
        audit.record(
            uow,
            TESTER,
            action="config.save",
            target="vault",
            now=runtime().clock(),
            platform_id=platform.id,
            before={"api_key": None},
            after={"api_key": "sk-plain", "retries": 4},
        )
    page = admin.get("/admin/acme/audit?target=vault").text
    assert "sk-plain" not in page
    assert "api_key not set → ********" in text(page)
