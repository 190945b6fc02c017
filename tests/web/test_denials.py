"""Who is refused a permission stands in the audit: once for each person, permission and minute, with a count."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from console.context import runtime
from console.domain.words import Role
from console.services import audit, audit_verify
from console.services.audit import AuditView
from console.storage.uow import end_read, read_session, unit_of_work
from console.testing.journeys import make_platform
from console.testing.people import Visitor, log_in, program

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def viewer(app: Flask) -> Visitor:
    """Somebody who may look at the platform ``acme`` and no more, at noon."""
    app.extensions["console"].clock = lambda: NOON
    return log_in(app, Role.PLATFORM_VIEWER, platform=make_platform(app, "acme", "Acme"))


def denials(app: Flask) -> list[AuditView]:
    with app.app_context():
        end_read()
        return audit.listing(read_session(), None, action="access.deny")


def test_denials_of_one_minute_are_one_entry_with_a_count(app: Flask, viewer: Visitor) -> None:
    path = "/admin/acme/modules/orders/enable"
    for _ in range(3):
        assert viewer.post(path, {"want": "on"}).status_code == 403
    (entry,) = denials(app)
    assert (entry.target, entry.platform, entry.count) == ("modules.toggle", "acme", 3)
    assert entry.after == {"method": "POST", "path": path}
    assert entry.request_id
    app.extensions["console"].clock = lambda: NOON + timedelta(minutes=1)
    assert viewer.post(path, {"want": "on"}).status_code == 403
    assert [each.count for each in denials(app)] == [1, 3]
    with app.app_context():
        assert audit_verify.verify(read_session(), runtime()).findings == ()


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_token_is_named_and_another_permission_is_another_entry(app: Flask, viewer: Visitor) -> None:
    assert viewer.get("/instance/platforms").status_code == 403
    assert viewer.post("/admin/acme/modules/orders/enable", {"want": "on"}).status_code == 403
    acme = make_platform(app, "globex", "Globex")
    client = program(app, platform=acme)
    assert client.send("GET", "/api/admin/audit").status_code == 200
    assert {each.target for each in denials(app)} == {"modules.toggle", "instance.manage"}


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_the_page_says_how_often_and_whether_the_chain_held(app: Flask, viewer: Visitor) -> None:
    admin = log_in(app, Role.INSTANCE_ADMIN)
    for _ in range(2):
        assert viewer.post("/admin/acme/modules/orders/enable", {"want": "on"}).status_code == 403
    page = admin.get("/admin/acme/audit").text
    assert "2 times" in page
    assert "Nobody has verified the chain" in page
    with app.app_context():
        verdict = audit_verify.verify(read_session(), runtime())
        with unit_of_work() as uow:
            audit_verify.remember(uow, verdict, by="cli:anna", now=NOON)
    for url in ("/admin/acme/audit", "/instance/audit"):
        assert "The chain of entries held when cli:anna looked." in admin.get(url).text
