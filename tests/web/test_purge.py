"""The danger zone: counts first, the name typed, the export before it, and the way out of every refusal."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from console.services.views import PlatformView
from console.testing.journeys import make_platform, switch
from console.testing.people import Visitor

PURGE = "/admin/acme/modules/payments/purge"
EXPORT = f"{PURGE}/export"


@pytest.fixture
def kept(console_app: Flask, console_platform: PlatformView) -> Flask:
    """Payments made its gateways on both platforms, and is off on acme."""
    other = make_platform(console_app, "globex", "Globex")
    for platform in (console_platform, other):
        switch(console_app, platform.id, "payments", on=True)
    switch(console_app, console_platform.id, "payments", on=False)
    return console_app


def rows(answer: dict[str, object]) -> int:
    tables = answer["tables"]
    assert isinstance(tables, dict)
    return sum(len(each) for each in tables.values())


def test_the_name_deletes_once_and_the_page_says_so(admin: Visitor, root: Visitor, kept: Flask) -> None:
    done = admin.post(PURGE, {"confirm": " acme/payments "})
    assert (done.status_code, done.headers["Location"]) == (303, PURGE)
    page = admin.get(PURGE)
    assert "is deleted" in page.text
    assert "There is nothing to delete" in page.text
    assert rows(json.loads(admin.get(EXPORT).text)) == 0
    assert rows(json.loads(root.get("/admin/globex/modules/payments/purge/export").text)) > 0
    history = admin.get("/admin/acme/modules/payments/history").text
    assert "What Payments kept was deleted" in history
    assert "<code>payments_gateways</code>" in history


def test_the_page_counts_and_another_name_deletes_nothing(admin: Visitor, kept: Flask) -> None:
    page = admin.get(PURGE)
    assert page.status_code == 200
    assert "payments_gateways" in page.text
    assert "Type acme/payments to confirm" in page.text
    assert "purge-block" not in page.text
    assert f'href="{PURGE}"' in admin.get("/admin/acme/modules/payments").text
    refused = admin.post(PURGE, {"confirm": "globex/payments"})
    assert refused.status_code == 422
    assert "Nothing was deleted" in refused.text
    assert 'aria-invalid="true"' in refused.text
    assert 'value="globex/payments"' in refused.text
    export = admin.get(EXPORT)
    assert export.mimetype == "application/json"
    assert export.headers["Content-Disposition"].startswith('attachment; filename="acme-payments-')
    assert export.headers["Cache-Control"] == "no-store"
    assert rows(json.loads(export.text)) > 0


def test_what_is_on_is_refused_with_the_way_out(admin: Visitor, console_app: Flask, kept: Flask) -> None:
    path = "/admin/acme/modules/tenancy/purge"
    assert "is a core module" in admin.get(path).text
    assert "purge-confirm" not in admin.get(path).text
    assert admin.post(path, {"confirm": "acme/tenancy"}).status_code == 409
    switch(kept, 1, "payments", on=True)
    page = admin.get(PURGE)
    assert 'href="/admin/acme/modules/payments/disable"' in page.text
    refused = admin.post(PURGE, {"confirm": "acme/payments"})
    assert refused.status_code == 409
    assert "is not switched off" in refused.text


def test_it_needs_its_own_permission_and_the_right_platform(admin: Visitor, viewer: Visitor, kept: Flask) -> None:
    for path in (PURGE, EXPORT):
        assert "modules.purge" in viewer.get(path).text
        assert viewer.get(path).status_code == 403
        assert admin.get(path.replace("acme", "globex")).status_code == 404
    assert viewer.post(PURGE, {"confirm": "acme/payments"}).status_code == 403
    assert "Danger zone" not in viewer.get("/admin/acme/modules/payments").text


def test_an_unknown_module_is_unknown(admin: Visitor) -> None:
    assert admin.get("/admin/acme/modules/ordres/purge").status_code == 404
    assert admin.post("/admin/acme/modules/ordres/purge", {"confirm": "acme/ordres"}).status_code == 404
