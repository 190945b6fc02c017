"""A request of the API that is sent again has no second effect; one that is made for an old revision has none."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from console.storage.tables import AuditEntry, StoredAnswer, Vendor
from console.storage.uow import read_session
from console.testing.people import Program, program
from tests.support.shop import Shop

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
VENDORS = "/api/admin/vendors"
NEW = {"slug": "violet", "name": "Violet"}
KEY = "6f1c0f5e-7a0a-4d1a-9a53-1f8e3c1c2b11"


def sent(token: Program, body: object, *, key: str = KEY, path: str = VENDORS, method: str = "POST") -> TestResponse:
    return token.client.open(path, method=method, json=body, headers={**token.headers, "Idempotency-Key": key})


def counts(shop: Shop) -> tuple[int, int, int]:
    """Vendors called violet, entries of the audit, stored answers."""
    with shop.app.app_context():
        session = read_session()
        violet = select(func.count()).select_from(Vendor).where(Vendor.slug == "violet")
        tables = [select(func.count()).select_from(each) for each in (AuditEntry, StoredAnswer)]
        return tuple(session.scalar(each) or 0 for each in (violet, *tables))  # type: ignore[return-value]  # three


def test_the_same_request_gets_the_same_answer_and_has_one_effect(shop: Shop) -> None:
    token = shop.token(shop.acme)
    first = sent(token, NEW)
    after = counts(shop)
    again = sent(token, NEW)
    assert (first.status_code, after[0], after[2]) == (201, 1, 1)
    assert (again.status_code, again.get_data()) == (201, first.get_data())
    assert (again.headers["Idempotency-Replayed"], "Idempotency-Replayed" in first.headers) == ("true", False)
    assert counts(shop) == after


def test_an_etag_and_a_put_are_repeated_too(shop: Shop) -> None:
    token, path = shop.token(shop.acme), "/api/admin/modules/billing/config"
    first = sent(token, {"values": {"trial_days": 30}}, path=path, method="PATCH")
    again = sent(token, {"values": {"trial_days": 30}}, path=path, method="PATCH")
    assert (first.headers["ETag"], again.headers["ETag"], again.get_data()) == ('"1"', '"1"', first.get_data())


@on_sqlite
def test_a_key_belongs_to_one_request_of_one_client(shop: Shop) -> None:
    token = shop.token(shop.acme)
    assert sent(token, NEW).status_code == 201
    other = sent(token, {"slug": "indigo", "name": "Indigo"})
    assert (other.status_code, other.get_json()["error"]["code"]) == (422, "idempotency_key_reused")
    elsewhere = sent(token, NEW, path="/api/admin/modules/billing", method="PUT")
    assert elsewhere.get_json()["error"]["code"] == "idempotency_key_reused"
    stranger = sent(shop.token(shop.globex), {"slug": "green-two", "name": "Green"})
    assert (stranger.status_code, stranger.get_json()["vendor"]["platform"]) == (201, "globex")


@on_sqlite
def test_what_was_refused_is_not_kept(shop: Shop) -> None:
    token = shop.token(shop.acme)
    assert sent(token, {"slug": "No slug"}).status_code >= 400
    assert counts(shop)[2] == 0
    assert sent(token, NEW).status_code == 201


@on_sqlite
@pytest.mark.parametrize("key", ["", "k" * 256, "clé"])
def test_what_is_no_key_is_refused(shop: Shop, key: str) -> None:
    answer = sent(shop.token(shop.acme), NEW, key=key)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (400, "usage")
    assert counts(shop)[0] == 0


@on_sqlite
def test_an_answer_is_kept_for_a_day_and_then_swept(shop: Shop) -> None:
    rt = shop.app.extensions["console"]
    now = rt.clock()
    token = program(shop.app, platform=shop.acme)
    sent(token, NEW)
    rt.clock = lambda: now + timedelta(hours=23)
    assert sent(token, NEW).status_code == 201
    rt.clock = lambda: now + timedelta(hours=25)
    late = program(shop.app, platform=shop.acme)
    assert sent(late, {"slug": "indigo", "name": "Indigo"}, key="another").status_code == 201
    assert counts(shop)[2] == 1


def test_twins_that_come_at_once_have_one_effect(shop: Shop) -> None:
    first, second = (Program(shop.app.test_client(), shop.token(shop.acme).headers) for _ in range(2))
    together, answers = threading.Barrier(2), list[TestResponse]()

    def ask(token: Program) -> None:
        together.wait()
        answers.append(sent(token, NEW))

    threads = [threading.Thread(target=ask, args=(each,)) for each in (first, second)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert {answer.status_code for answer in answers} <= {201, 503}
    assert 201 in {answer.status_code for answer in answers}
    assert sent(first, NEW).status_code == 201
    assert counts(shop)[0] == 1


@on_sqlite
def test_a_change_for_an_old_revision_is_refused(shop: Shop) -> None:
    token = shop.token(shop.acme)
    for read, path, method, body in (
        ("/api/admin/modules", "/api/admin/modules/billing", "PUT", {"want": "on"}),
        *[("/api/admin/modules/billing/config",) * 2 + ("PATCH", {"values": {"trial_days": 30}})],
    ):
        etag = token.send("GET", read).headers["ETag"]
        old = token.client.open(path, method=method, json=body, headers={**token.headers, "If-Match": '"9999"'})
        assert (old.status_code, old.get_json()["error"]["code"]) == (412, "precondition_failed")
        fresh = token.client.open(path, method=method, json=body, headers={**token.headers, "If-Match": etag})
        assert fresh.status_code in (200, 202)
