"""The audit on the page: filters in the address, differences in words, files, and nobody else's entries."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime

import pytest
from flask import Flask

from console.context import runtime
from console.services import audit, users
from console.services.views import PlatformView
from console.storage.uow import unit_of_work
from console.testing.journeys import TESTER, make_platform, switch
from console.testing.people import Visitor

AUDIT = "/admin/acme/audit"
EXPORTS = ("/admin/acme/audit/export.csv", "/admin/acme/audit/export.json")


def record(app: Flask, platform: PlatformView | None, **fields: object) -> None:
    values: dict[str, object] = {"action": "config.save", "target": "billing", **fields}
    with app.app_context(), unit_of_work() as uow:
        now = runtime().clock()
        platform_id = None if platform is None else platform.id
        audit.record(uow, TESTER, **{"now": now, "platform_id": platform_id, **values})  # type: ignore[arg-type]  # a test's own fields


@pytest.fixture
def entries(console_app: Flask, console_platform: PlatformView) -> PlatformView:
    """Entries of this platform, of another one and of none."""
    record(
        console_app,
        console_platform,
        before={"trial_days": 14},
        after={"trial_days": 30, "open": True},
        reason="spring",
    )
    other = make_platform(console_app, "globex", "Globex")
    record(console_app, other, target="orders", reason="a secret of globex")
    record(console_app, None, action="users.create", target="=1+1")
    return console_platform


def test_every_filter_stands_in_the_address_and_in_the_form(admin: Visitor, entries: PlatformView) -> None:
    address = f"{AUDIT}?q=spring&action=config.&target=billing&actor=tester&source=cli&from=2020-01-01&to=2099-12-31"
    page = admin.get(address).text
    assert "Configuration of Billing was changed" in page
    assert "Platform acme was created" not in page
    for value in ("spring", "billing", "tester", "2020-01-01", "2099-12-31"):
        assert f'value="{value}"' in page
    assert re.search(r'<option value="config." selected>', page)
    assert re.search(r'<option value="cli" selected>', page)
    assert "filter-clear" in page
    assert "Nothing matches" in admin.get(f"{AUDIT}?q=autumn").text
    assert "Nothing matches" in admin.get(f"{AUDIT}?to=2020-01-01").text


def test_differences_are_read_as_words(admin: Visitor, console_app: Flask, entries: PlatformView) -> None:
    switch(console_app, entries.id, "analytics", on=True)
    page = re.sub(r"<[^>]+>", "", admin.get(AUDIT).text)
    assert "trial_days 14 → 30" in page
    assert "open not set → yes" in page
    assert "wanted no → yes" in page
    assert "state off → on" in page
    assert not re.search(r"\b(True|False|None|\{)", page)


def test_a_day_that_is_none_is_said_and_finds_nothing(admin: Visitor, entries: PlatformView) -> None:
    page = admin.get(f"{AUDIT}?from=yesterday")
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert "Platform acme" not in page.text
    for address in EXPORTS:
        assert admin.get(f"{address}?to=2026-13-01").status_code == 400


def test_days_are_those_of_the_person(admin: Visitor, console_app: Flask, entries: PlatformView) -> None:
    late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    record(console_app, entries, action="config.restore", target="orders", now=late)
    assert "was restored" in admin.get(f"{AUDIT}?from=2026-03-01&to=2026-03-01").text
    with console_app.app_context(), unit_of_work() as uow:
        users.save_profile(
            uow, admin.user_id, name="", locale=None, timezone="Europe/Paris", actor=TESTER, now=runtime().clock()
        )
    assert "was restored" not in admin.get(f"{AUDIT}?from=2026-03-01&to=2026-03-01").text
    assert "was restored" in admin.get(f"{AUDIT}?from=2026-03-02&to=2026-03-02").text


def test_pages_lead_to_each_other_with_the_same_filters(
    admin: Visitor, console_app: Flask, entries: PlatformView
) -> None:
    for number in range(60):
        record(console_app, entries, target="ads", reason=f"number {number}")
    first = admin.get(f"{AUDIT}?target=ads").text
    older = link(first, "older")
    assert "target=ads" in older
    assert link(first, "newer") == ""
    second = admin.get(older).text
    assert ("number 59" in first, "number 0<" in first) == (True, False)
    assert ("number 59" in second, "number 0<" in second) == (False, True)
    assert link(second, "older") == ""
    assert "number 59" in admin.get(link(second, "newer")).text
    assert admin.get(f"{AUDIT}?before=nonsense").status_code == 200


def link(page: str, name: str) -> str:
    found = re.search(rf'data-testid="{name}" href="([^"]+)"', page)
    return found[1].replace("&amp;", "&") if found else ""


def test_files_hold_what_the_filters_choose(admin: Visitor, entries: PlatformView) -> None:
    answer = admin.get("/admin/acme/audit/export.csv?action=config.")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert re.fullmatch(r"attachment; filename=audit-acme-\d{4}-\d\d-\d\d\.csv", answer.headers["Content-Disposition"])
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["target"] for row in rows] == ["billing"]
    document = json.loads(admin.get("/admin/acme/audit/export.json").text)
    assert document["platform"] == "acme"
    assert {entry["platform"] for entry in document["entries"]} == {"acme"}
    page = admin.get(f"{AUDIT}?action=config.").text
    assert link(page, "export-csv") == "/admin/acme/audit/export.csv?action=config."


def test_a_platform_never_shows_what_another_did(admin: Visitor, entries: PlatformView) -> None:
    for address in (AUDIT, f"{AUDIT}?q=globex", *EXPORTS, f"{EXPORTS[0]}?q=globex", f"{AUDIT}?platform=globex"):
        answer = admin.get(address)
        assert answer.status_code == 200
        assert "a secret of globex" not in answer.text
    for address in ("/admin/globex/audit", "/admin/globex/audit/export.csv"):
        assert admin.get(address).status_code == 404


def test_the_whole_audit_is_for_instance_admins(root: Visitor, admin: Visitor, entries: PlatformView) -> None:
    for address in ("/instance/audit", "/instance/audit/export.csv", "/instance/audit/export.json"):
        assert admin.get(address).status_code == 403
        answer = root.get(address)
        assert answer.status_code == 200
        assert "a secret of globex" in answer.text
    assert "a secret of globex" not in root.get("/instance/audit?platform=acme").text
    assert root.get("/instance/audit?platform=nowhere").status_code == 404
    rows = list(csv.DictReader(io.StringIO(root.get("/instance/audit/export.csv?action=users.create").text)))
    newest = rows[0]
    assert (newest["platform"], newest["target"]) == ("", "'=1+1")


def test_an_operation_leads_to_its_entries_and_back(admin: Visitor, console_app: Flask, entries: PlatformView) -> None:
    done = switch(console_app, entries.id, "analytics", on=True)
    assert done is not None
    page = admin.get(f"/admin/acme/operations/{done.id}").text
    assert f"/admin/acme/audit?operation={done.id}" in page
    found = admin.get(f"/admin/acme/audit?operation={done.id}").text
    assert f"operation {done.id}</a>" in found
    assert "Platform acme was created" not in found
