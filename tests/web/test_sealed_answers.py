"""An answer that is kept for a repeated request may hold what is told once; nobody can read it in the database."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from console.storage.tables import StoredAnswer
from console.storage.uow import read_session, unit_of_work
from console.testing.people import Program
from tests.support.shop import Shop

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
TOKENS, KEY = "/api/admin/users/tokens", "c3f0a9d2-0d5e-4a54-8f0e-6b8b0e1c9a77"
NEW = {"name": "robot"}


def keyed(token: Program) -> Program:
    """The same program, with an ``Idempotency-Key`` in every request."""
    return Program(token.client, {**token.headers, "Idempotency-Key": KEY})


def stored(shop: Shop) -> list[bytes]:
    """The answers as they lie in the database."""
    with shop.app.app_context():
        return list(read_session().scalars(select(StoredAnswer.body)))


def test_the_text_of_a_new_token_is_repeated_but_not_to_be_found(shop: Shop) -> None:
    token = keyed(shop.token(shop.acme))
    first = token.send("POST", TOKENS, NEW)
    secret = first.get_json()["secret"]
    (body,) = stored(shop)
    assert body.startswith(b"v1.")
    assert secret.encode() not in body
    assert b"robot" not in body
    again = token.send("POST", TOKENS, NEW)
    assert (again.status_code, again.get_data()) == (201, first.get_data())
    assert [each["name"] for each in token.send("GET", TOKENS).get_json()["tokens"]].count("robot") == 1


@on_sqlite
def test_the_password_of_a_new_account_is_repeated_and_made_once(shop: Shop) -> None:
    token, wish = keyed(shop.token(shop.acme)), {"email": "ada@example.test", "roles": ["platform-viewer"]}
    first, again = (token.send("POST", "/api/admin/users", wish) for _ in range(2))
    assert (first.status_code, again.get_data()) == (201, first.get_data())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert first.get_json()["password"].encode() not in stored(shop)[0]


@on_sqlite
def test_letters_of_any_language_come_back_as_they_were(shop: Shop) -> None:
    token, wish = keyed(shop.token(shop.acme)), {"slug": "violet", "name": "Żółty Фиолет 紫"}
    first, again = (token.send("POST", "/api/admin/vendors", wish) for _ in range(2))
    assert (again.get_data(), again.get_json()["vendor"]["name"]) == (first.get_data(), wish["name"])


def test_without_its_key_an_answer_is_gone_and_nothing_is_done_again(shop: Shop) -> None:
    token = keyed(shop.token(shop.acme))
    assert token.send("POST", TOKENS, NEW).status_code == 201
    rt = shop.app.extensions["console"]
    rt.secrets.renew()
    assert token.send("POST", TOKENS, NEW).status_code == 201, "an older key of the file still opens it"
    lines = rt.secrets.path.read_text().splitlines()
    rt.secrets.path.write_text(lines[0] + "\n")
    rt.secrets._keys = ()
    gone = token.send("POST", TOKENS, NEW)
    assert (gone.status_code, gone.get_json()["error"]["code"]) == (409, "idempotency_answer_gone")
    assert [each["name"] for each in token.send("GET", TOKENS).get_json()["tokens"]].count("robot") == 1


@on_sqlite
def test_an_answer_opens_in_its_own_row_only(shop: Shop) -> None:
    token = keyed(shop.token(shop.acme))
    token.send("POST", TOKENS, NEW)
    with shop.app.app_context(), unit_of_work() as uow:
        (body,) = uow.session.scalars(select(StoredAnswer.body))
    other = Program(token.client, {**token.headers, "Idempotency-Key": "another"})
    other.send("POST", "/api/admin/vendors", {"slug": "violet"})
    with shop.app.app_context(), unit_of_work() as uow:
        uow.session.execute(update(StoredAnswer).values(body=body))
    moved = other.send("POST", "/api/admin/vendors", {"slug": "violet"})
    assert (moved.status_code, moved.get_json()["error"]["code"]) == (409, "idempotency_answer_gone")
