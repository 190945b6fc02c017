"""Logins that are wrong wait, sessions change their token, and an admin can end them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask

from console.blueprint import demands_of
from console.context import runtime
from console.domain.waiting import LIMITS, Tried
from console.domain.words import Role
from console.services import access, audit, demo, passwords, users
from console.storage.tables import User
from console.storage.uow import end_read, read_session, unit_of_work
from console.testing.journeys import TESTER
from console.testing.people import Visitor, log_in
from tests.support.shop import Shop
from tests.web.test_people import HASHED, PASSWORD, enter, on_sqlite, root, rows

__all__ = ["root"]  # a fixture
FREE = LIMITS[Tried.ACCOUNT].free
WRONG = "quite another thing"


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every comparison with a hash, from here on."""
    made: list[str] = []
    real = passwords._hasher.verify

    def verify(stored: str, given: str) -> bool:
        made.append(given)
        return real(stored, given)

    monkeypatch.setattr(passwords, "_hasher", SimpleNamespace(verify=verify, hash=passwords._hasher.hash))
    return made


def actions(app: Flask, family: str) -> list[tuple[str, str]]:
    """Action and target of the audit's entries, oldest first."""
    with app.app_context():
        end_read()
        return [(each.action, each.target) for each in reversed(audit.listing(read_session(), None, action=family))]


# --- waiting ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("email", ["root@example.com", "nobody@example.com"])
@on_sqlite
def test_who_was_wrong_too_often_waits_and_the_page_says_how_long(
    app: Flask, root: str, hashes: list[str], email: str
) -> None:
    rt = app.extensions["console"]
    now = rt.clock()
    rt.clock = lambda: now
    passwords.verify(None, WRONG)
    hashes.clear()
    assert [enter(app.test_client(), email, WRONG).status_code for _try in range(FREE + 1)] == [422] * (FREE + 1)
    assert len(hashes) == FREE + 1
    refused = enter(app.test_client(), email, PASSWORD)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "2")
    assert "Try again in 2 seconds." in refused.text
    assert email in refused.text
    assert len(hashes) == FREE + 1, "nothing is hashed for who has to wait"
    rt.clock = lambda: now + timedelta(seconds=3)
    assert enter(app.test_client(), email, PASSWORD).status_code == (303 if email == root else 422)


@on_sqlite
def test_a_wrong_login_is_in_the_audit_and_names_no_more_than_accounts(app: Flask, root: str) -> None:
    enter(app.test_client(), root, WRONG)
    enter(app.test_client(), "my password by mistake", WRONG)
    assert actions(app, "sessions.") == [("sessions.refuse", root), ("sessions.refuse", "?")]


# --- tokens of sessions -----------------------------------------------------------------------------------------------


def cookie(client: object) -> str:
    found = client.get_cookie("console")  # type: ignore[attr-defined]  # a client of Flask has it
    assert found is not None
    return str(found.value)


def test_a_session_gets_a_new_token_when_its_roles_change_and_the_old_one_dies(shop: Shop) -> None:
    app, visitor = shop.app, log_in(shop.app, Role.PLATFORM_VIEWER, platform=shop.acme)
    visitor.get("/account")
    old = cookie(visitor.client)
    assert visitor.get("/account").status_code == 200
    assert cookie(visitor.client) == old
    with app.app_context(), unit_of_work() as uow:
        now = runtime().clock()
        users.grant(uow, visitor.user_id, Role.PLATFORM_ADMIN, platform_id=shop.acme.id, actor=TESTER, now=now)
    assert visitor.get("/account").status_code == 200
    assert cookie(visitor.client) != old
    late = app.test_client()
    late.set_cookie("console", old)
    assert late.get("/account").status_code == 200, "a request that was on its way"
    assert cookie(late) == old, "the former token makes no new one"
    rt = app.extensions["console"]
    after = rt.clock() + access.FORMER_LIVES + timedelta(seconds=1)
    rt.clock = lambda: after
    assert late.get("/account").status_code == 303
    assert visitor.get("/account").status_code == 200


@on_sqlite
def test_a_new_password_changes_the_token_at_once(app: Flask, root: str) -> None:
    client = app.test_client()
    enter(client, root)
    old, fresh = cookie(client), "four other plain words"
    fields = {"csrf_token": rows(app)[0].csrf_token, "current": PASSWORD, "password": fresh, "repeated": fresh}
    weak = client.post("/account", data={**fields, "password": "root@example.com", "repeated": "root@example.com"})
    assert (weak.status_code, cookie(client)) == (422, old)
    assert "among the first that somebody would try" in weak.text
    assert client.post("/account", data=fields).status_code == 303
    assert cookie(client) != old
    assert client.get("/account").status_code == 200
    thief = app.test_client()
    thief.set_cookie("console", old)
    assert thief.get("/account").status_code == 303


@on_sqlite
def test_a_login_sweeps_out_sessions_that_have_ended(app: Flask, root: str) -> None:
    enter(app.test_client(), root)
    rt = app.extensions["console"]
    later = rt.clock() + timedelta(seconds=rt.settings.session_idle_s)
    rt.clock = lambda: later
    enter(app.test_client(), root)
    assert [row.created_at for row in rows(app)] == [later]


# --- what an admin does -----------------------------------------------------------------------------------------------


@on_sqlite
def test_an_admin_ends_the_sessions_of_others_and_nobody_else_can(shop: Shop) -> None:
    admin, other, third = (log_in(shop.app, Role.INSTANCE_ADMIN) for _person in range(3))
    local = log_in(shop.app, Role.PLATFORM_ADMIN, platform=shop.acme)
    mine, theirs, thirds = (row.id for row in rows(shop.app)[-4:-1])
    page = f"/instance/users/{other.user_id}/logins"
    assert f"/logins/{theirs}/end" in admin.get(page).text
    for path in (page, f"{page}/{theirs}/end", f"{page}/unlock", f"{page}/reset"):
        assert local.post(path).status_code in (403, 405)
    assert local.get(page).status_code == 403
    assert admin.post(f"{page}/{thirds}/end").status_code == 404
    assert admin.post(f"{page}/{theirs}/end").status_code == 303
    assert other.get("/account").status_code == 303
    assert third.get("/account").status_code == 200
    assert mine in {row.id for row in rows(shop.app)}
    assert actions(shop.app, "sessions.")[-1][0] == "sessions.end"


@on_sqlite
def test_an_admin_lets_somebody_try_again(app: Flask, root: str) -> None:
    admin = log_in(app, Role.INSTANCE_ADMIN)
    for _try in range(FREE + 1):
        enter(app.test_client(), root, WRONG)
    assert enter(app.test_client(), root).status_code == 429
    with app.app_context():
        user_id = users.by_email(read_session(), root).id
    assert admin.post(f"/instance/users/{user_id}/logins/unlock").status_code == 303
    assert enter(app.test_client(), root).status_code == 303


# --- first things -----------------------------------------------------------------------------------------------------


@on_sqlite
def test_the_demo_has_no_account_and_no_usual_login_opens_it(app: Flask) -> None:
    with app.app_context(), unit_of_work() as uow:
        assert demo.fill(uow, runtime(), runtime().clock())
    with app.app_context():
        assert read_session().query(User).count() == 0
    for email, password in (
        ("admin@example.com", "admin"),
        ("admin@localhost", "password"),
        ("demo@localhost", "demo"),
    ):
        assert enter(app.test_client(), email, password).status_code == 422
    assert rows(app) == []


@on_sqlite
@pytest.mark.parametrize(
    ("base_url", "said"), [("http://shop.example", True), ("https://shop.example", False), ("http://localhost", False)]
)
def test_every_page_says_when_it_comes_without_https(app: Flask, base_url: str, said: bool) -> None:
    page = app.test_client().get("/login", base_url=base_url).text
    assert ('data-testid="unprotected"' in page) is said


# --- proofs -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def stale(make_app: Callable[..., Flask]) -> tuple[Visitor, Flask]:
    """An instance admin with ``PASSWORD`` whose login is longer ago than a proof holds."""
    app = make_app()
    visitor = log_in(app, Role.INSTANCE_ADMIN)
    with app.app_context(), unit_of_work() as uow:
        users.by_id(uow.session, visitor.user_id).password_hash = HASHED
    rt = app.extensions["console"]
    later = rt.clock() + timedelta(seconds=rt.settings.proof_s)
    rt.clock = lambda: later
    return visitor, app


NEW_LOGIN = {"email": "new@example.com", "name": "Né <b>w</b>", "role": "instance-admin", "scope": ""}


def exists(app: Flask, email: str = NEW_LOGIN["email"]) -> bool:
    with app.app_context():
        end_read()
        return read_session().query(User).filter_by(email=email).count() == 1


def sent_along(page: str) -> dict[str, str]:
    """The hidden fields of the question."""
    import html

    form = page[page.index('id="proof"') :]
    return {name: html.unescape(text) for name, text in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)}


def test_what_is_dangerous_asks_again_and_goes_on_with_what_was_sent(stale: tuple[Visitor, Flask]) -> None:
    visitor, app = stale
    old = cookie(visitor.client)
    asked = visitor.post("/instance/users", NEW_LOGIN)
    assert asked.status_code == 403
    assert not exists(app)
    fields = sent_along(asked.text)
    assert fields == {**NEW_LOGIN, "csrf_token": visitor.csrf}
    wrong = visitor.post("/instance/users", {**fields, "proof_password": WRONG})
    assert wrong.status_code == 422
    assert "This is not your password." in wrong.text
    assert (sent_along(wrong.text), exists(app)) == (fields, False)
    done = visitor.post("/instance/users", {**fields, "proof_password": PASSWORD})
    assert done.status_code == 200
    assert exists(app)
    assert PASSWORD not in done.text
    assert cookie(visitor.client) != old
    assert visitor.post("/instance/users", {**NEW_LOGIN, "email": "more@example.com"}).status_code == 200, "it holds"


@on_sqlite
def test_htmx_gets_the_question_as_a_dialog(stale: tuple[Visitor, Flask]) -> None:
    visitor, _app = stale
    asked = visitor.post("/instance/users?x=1", NEW_LOGIN, HX_Request="true")
    assert (asked.status_code, asked.headers["HX-Retarget"], asked.headers["HX-Reswap"]) == (
        403,
        "#dialog",
        "innerHTML",
    )
    assert asked.text.lstrip().startswith("<dialog")
    assert 'action="/instance/users?x=1"' in asked.text
    assert sent_along(asked.text)["email"] == NEW_LOGIN["email"]


@on_sqlite
def test_proofs_that_are_wrong_wait_like_logins(stale: tuple[Visitor, Flask]) -> None:
    visitor, app = stale
    for _try in range(FREE + 1):
        assert visitor.post("/instance/users", {**NEW_LOGIN, "proof_password": WRONG}).status_code == 422
    waits = visitor.post("/instance/users", {**NEW_LOGIN, "proof_password": PASSWORD})
    assert (waits.status_code, waits.headers["Retry-After"]) == (429, "2")
    assert sent_along(waits.text)["email"] == NEW_LOGIN["email"]
    assert not exists(app)


@on_sqlite
def test_a_program_with_the_cookie_is_refused_by_name(stale: tuple[Visitor, Flask], shop: Shop) -> None:
    rt = shop.app.extensions["console"]
    visitor = log_in(shop.app, Role.PLATFORM_ADMIN, platform=shop.acme)
    later = rt.clock() + timedelta(seconds=rt.settings.proof_s)
    rt.clock = lambda: later
    headers = {"X-Console-Platform": "acme", "X-CSRF-Token": visitor.csrf}
    path, body = "/api/admin/modules/orders/purge", {"confirm": "acme/orders"}
    refused = visitor.client.post(path, json=body, headers=headers)
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (403, "proof_needed")
    assert shop.token(shop.acme).send("POST", path, body).status_code == 200


@on_sqlite
def test_what_is_far_reaching_is_marked(app: Flask) -> None:
    asked = {name for name, view in app.view_functions.items() if demands_of(view).proof}
    assert {
        "instance.user_create",
        "instance.user_disable",
        "instance.user_factors_reset",
        "pages.module_purge_accept",
        "api.module_purge_accept",
        "pages.user_invite",
        "pages.user_roles",
        "pages.role_create",
        "pages.role_save",
        "pages.role_delete",
        "pages.token_create",
        "instance.token_create",
        "people.app_connect_accept",
        "people.app_disconnect",
        "people.codes_renew",
        "people.passkey_add_accept",
        "people.passkey_remove",
    } <= asked


@on_sqlite
def test_a_purge_asks_on_a_page_of_its_platform_and_then_runs(shop: Shop) -> None:
    visitor = log_in(shop.app, Role.PLATFORM_ADMIN, platform=shop.acme)
    with shop.app.app_context(), unit_of_work() as uow:
        users.by_id(uow.session, visitor.user_id).password_hash = HASHED
    rt = shop.app.extensions["console"]
    later = rt.clock() + timedelta(seconds=rt.settings.proof_s)
    rt.clock = lambda: later
    path = "/admin/acme/modules/orders/purge"
    asked = visitor.post(path, {"confirm": "acme/orders"})
    assert (asked.status_code, "Acme Market" in asked.text) == (403, True)
    done = visitor.post(path, {**sent_along(asked.text), "proof_password": PASSWORD})
    assert (done.status_code, done.headers["Location"]) == (303, path)
