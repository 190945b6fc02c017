"""Set-up, login, logout, account: sessions as rows, opaque cookies, no way to another site."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from console.context import runtime
from console.domain.actor import SYSTEM
from console.domain.words import Role
from console.services import opaque, users
from console.services import setup as setup_service
from console.storage.tables import User, WebSession
from console.storage.uow import end_read, read_session, unit_of_work
from console.testing.people import log_in
from console.web.links import own_path
from tests.support.hashing import cheap
from tests.support.shop import Shop

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
PASSWORD = "four plain words here"
HASHED = cheap(PASSWORD)


@pytest.fixture
def root(app: Flask) -> str:
    """The address of an instance admin whose password is ``PASSWORD``."""
    with app.app_context(), unit_of_work() as uow:
        role, now = Role.INSTANCE_ADMIN, runtime().clock()
        made = users.create(uow, "root@example.com", role=role, password=HASHED, actor=SYSTEM, now=now)
        return made.email


def token_of(answer: TestResponse) -> str:
    """The token in the first form of a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', answer.get_data(as_text=True))
    assert found is not None
    return found.group(1)


def enter(client: FlaskClient, email: str, password: str = PASSWORD, **fields: str) -> TestResponse:
    """The answer to the login form, sent as a browser does."""
    token = token_of(client.get("/login"))
    return client.post("/login", data={"csrf_token": token, "email": email, "password": password, **fields})


def rows(app: Flask) -> list[WebSession]:
    with app.app_context():
        end_read()
        return list(read_session().scalars(select(WebSession).order_by(WebSession.id)))


# --- login ------------------------------------------------------------------------------------------------------------


def test_a_login_makes_a_row_and_an_opaque_cookie_and_a_logout_ends_both(app: Flask, root: str) -> None:
    client = app.test_client()
    assert enter(client, root).status_code == 303
    cookie = client.get_cookie("console")
    assert cookie is not None
    (row,) = rows(app)
    assert row.token_hash == opaque.digest(cookie.value)
    assert (cookie.http_only, cookie.same_site, cookie.path) == (True, "Lax", "/")
    page = client.get("/account")
    assert client.post("/logout", data={"csrf_token": token_of(page)}).status_code == 303
    assert rows(app) == []
    client.set_cookie("console", cookie.value)  # the old cookie, replayed
    assert client.get("/account").status_code == 303


@on_sqlite
def test_a_login_never_keeps_the_token_that_came_with_it(app: Flask, root: str) -> None:
    client = app.test_client()
    client.set_cookie("console", "planted-by-somebody")
    assert enter(client, root).status_code == 303
    first = client.get_cookie("console")
    client.get("/account")
    page = client.get("/account")
    answer = client.post("/login", data={"csrf_token": _session_token(app), "email": root, "password": PASSWORD})
    second = client.get_cookie("console")
    assert page.status_code == 200
    assert answer.status_code == 303
    assert first is not None
    assert second is not None
    assert len({"planted-by-somebody", first.value, second.value}) == 3
    assert len(rows(app)) == 1


def _session_token(app: Flask) -> str:
    return rows(app)[-1].csrf_token


@on_sqlite
def test_what_was_wrong_with_a_login_is_not_said(app: Flask, root: str) -> None:
    shown = []
    for email, password in ((root, "wrong words here"), ("nobody@example.com", PASSWORD)):
        answer = enter(app.test_client(), email, password)
        text = answer.get_data(as_text=True)
        shown.append((answer.status_code, re.search(r'role="alert">(.*?)</div></div>', text, re.S).group(1)))  # type: ignore[union-attr]
        assert email in text
        assert password not in text
    assert shown[0] == shown[1]
    assert shown[0][0] == 422
    assert rows(app) == []


@on_sqlite
def test_a_login_form_is_tied_to_the_browser_that_asked_for_it(app: Flask, root: str) -> None:
    token = token_of(app.test_client().get("/login"))
    fields = {"csrf_token": token, "email": root, "password": PASSWORD}
    assert app.test_client().post("/login", data=fields).status_code == 400
    assert app.test_client().post("/login", data={"email": root, "password": PASSWORD}).status_code == 400


@on_sqlite
def test_visitors_get_no_row(app: Flask) -> None:
    client = app.test_client()
    for path in ("/", "/login", "/admin/acme/", "/no/such"):
        client.get(path)
    assert rows(app) == []
    assert "Set-Cookie" not in app.test_client().get("/no/such").headers


@on_sqlite
@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("/admin/acme/orders/?state=draft", "/admin/acme/orders/?state=draft"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("/a\\b", "/"),
        ("\t//evil.example", "/"),
        ("/ok\r\nLocation: https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_a_login_leads_to_a_path_of_this_console_only(app: Flask, root: str, wanted: str, found: str) -> None:
    assert own_path(wanted) == found
    client = app.test_client()
    assert enter(client, root, next=wanted).headers["Location"] == found
    assert client.get("/login", query_string={"next": wanted}).headers["Location"] == found


@on_sqlite
def test_the_login_comes_back_to_where_a_visitor_wanted_to_go(app: Flask, root: str) -> None:
    client = app.test_client()
    sent = client.get("/instance/users?page=2").headers["Location"]
    assert sent == "/login?next=/instance/users?page%3D2"
    page = client.get(sent).get_data(as_text=True)
    assert 'name="next" value="/instance/users?page=2"' in page


# --- cookies ----------------------------------------------------------------------------------------------------------


@on_sqlite
@pytest.mark.parametrize(
    ("base_url", "insecure", "name", "secure"),
    [
        ("http://localhost", False, "console", False),
        ("http://127.0.0.1:8000", False, "console", False),
        ("http://shop.example", True, "console", False),
        ("http://shop.example", False, "__Host-console", True),
        ("https://shop.example", True, "__Host-console", True),
        ("https://localhost", False, "__Host-console", True),
    ],
)
def test_the_cookie_is_bound_to_https_except_on_this_machine(
    make_app: Callable[..., Flask], base_url: str, insecure: bool, name: str, secure: bool
) -> None:
    app = make_app(insecure_http=insecure)
    with app.app_context(), unit_of_work() as uow:
        role, now = Role.INSTANCE_ADMIN, runtime().clock()
        users.create(uow, "root@example.com", role=role, password=HASHED, actor=SYSTEM, now=now)
    client = app.test_client()
    page = client.get("/login", base_url=base_url)
    visitor = page.headers["Set-Cookie"].partition("=")
    fields = {"csrf_token": token_of(page), "email": "root@example.com", "password": PASSWORD}
    sent = {"Cookie": f"{visitor[0]}={visitor[2].partition(';')[0]}"}
    answer = app.test_client(use_cookies=False).post("/login", data=fields, headers=sent, base_url=base_url)
    cookie = next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith(f"{name}="))
    assert (answer.status_code, "; Secure" in cookie, "Domain" in cookie) == (303, secure, False)


# --- sessions ---------------------------------------------------------------------------------------------------------


def test_a_session_that_ended_is_worth_nothing(app: Flask, root: str) -> None:
    client = app.test_client()
    enter(client, root)
    rt = app.extensions["console"]
    now = rt.clock()
    rt.clock = lambda: now + timedelta(seconds=rt.settings.session_idle_s + 1)
    assert client.get("/account").status_code == 303


def test_the_last_use_is_written_every_five_minutes_after_the_answer(app: Flask, root: str) -> None:
    client = app.test_client()
    enter(client, root)
    rt = app.extensions["console"]
    start = rt.clock()
    seen = []
    for minutes in (0, 4, 6, 8):
        rt.clock = lambda minutes=minutes: start + timedelta(minutes=minutes)
        with client.get("/account") as answer:
            assert answer.status_code == 200
            answer.get_data()
        seen.append(round((rows(app)[0].last_seen_at - start).total_seconds() / 60))
    assert seen == [0, 0, 6, 6]


@on_sqlite
def test_an_account_ends_its_other_sessions_and_nobody_elses(app: Flask, root: str) -> None:
    first, second = app.test_client(), app.test_client()
    enter(first, root)
    enter(second, root)
    stranger = log_in(app, Role.INSTANCE_ADMIN)
    mine, other, theirs = rows(app)
    assert first.get("/account").get_data(as_text=True).count("/account/sessions/") == 1
    token = {"csrf_token": mine.csrf_token}
    assert first.post(f"/account/sessions/{theirs.id}/end", data=token).status_code == 404
    assert first.post(f"/account/sessions/{other.id}/end", data=token).status_code == 303
    assert [client.get("/account").status_code for client in (first, second)] == [200, 303]
    assert stranger.get("/account").status_code == 200


@on_sqlite
def test_a_new_password_ends_all_other_sessions(app: Flask, root: str) -> None:
    first, second = app.test_client(), app.test_client()
    enter(first, root)
    enter(second, root)
    token = rows(app)[0].csrf_token
    fresh = "four other plain words"
    wrong = {"csrf_token": token, "current": "not this one", "password": fresh, "repeated": fresh}
    assert first.post("/account", data=wrong).status_code == 422
    short = {"csrf_token": token, "current": PASSWORD, "password": "short", "repeated": "short"}
    assert first.post("/account", data=short).status_code == 422
    uneven = {"csrf_token": token, "current": PASSWORD, "password": fresh, "repeated": fresh + "!"}
    assert first.post("/account", data=uneven).status_code == 422
    right = {"csrf_token": token, "current": PASSWORD, "password": fresh, "repeated": fresh}
    assert first.post("/account", data=right).status_code == 303
    assert "Your password was changed" in first.get("/account").get_data(as_text=True)
    assert second.get("/account").status_code == 303
    assert enter(app.test_client(), root, fresh).status_code == 303
    assert enter(app.test_client(), root).status_code == 422


@on_sqlite
def test_a_person_chooses_name_and_language(app: Flask, root: str) -> None:
    client = app.test_client()
    enter(client, root)
    token = rows(app)[0].csrf_token
    saved = client.post("/account/profile", data={"csrf_token": token, "name": "Ada", "locale": "fr"})
    assert saved.status_code == 303
    page = client.get("/account").get_data(as_text=True)
    assert '<html lang="fr"' in page
    assert "Ada" in page
    assert client.post("/account/profile", data={"csrf_token": token, "locale": "tlh"}).status_code == 422


# --- set-up -----------------------------------------------------------------------------------------------------------


def test_the_set_up_link_works_once_and_shows_vendor_passwords_once(shop: Shop) -> None:
    app = shop.app
    with app.app_context(), unit_of_work() as uow:
        link = setup_service.fresh_link(uow, runtime().clock())
    client = app.test_client()
    assert client.get("/setup").status_code == 404
    assert client.get("/setup?token=wrong").status_code == 404
    page = client.get("/setup", query_string={"token": link})
    fields = {"csrf_token": token_of(page), "token": link, "email": "ada@example.com", "name": "Ada"}
    weak = client.post("/setup", data={**fields, "password": "short"})
    assert weak.status_code == 422
    done = client.post("/setup", data={**fields, "password": PASSWORD, "vendor_logins": "y"})
    text = done.get_data(as_text=True)
    assert done.status_code == 200
    assert done.headers["Cache-Control"] == "no-store"
    logins = re.findall(r"<td translate=\"no\">([^<]+)</td><td><code[^>]*>([^<]+)</code>", text)
    assert {email for email, _password in logins} == {f"{slug}@example.com" for slug in ("blue", "red", "green")}
    assert client.get("/instance/").status_code == 200
    for method in (client.get, client.post):
        assert method("/setup", query_string={"token": link}).status_code in (400, 404)
    owner = app.test_client()
    email, password = logins[0]
    assert enter(owner, email, password).status_code == 303
    assert owner.get("/").headers["Location"] == f"/vendor/{email.partition('@')[0]}/"


@on_sqlite
def test_the_set_up_makes_no_vendor_logins_when_nobody_asks_for_them(shop: Shop) -> None:
    app = shop.app
    with app.app_context(), unit_of_work() as uow:
        link = setup_service.fresh_link(uow, runtime().clock())
    client = app.test_client()
    token = token_of(client.get("/setup", query_string={"token": link}))
    fields = {"csrf_token": token, "token": link, "email": "ada@example.com", "password": PASSWORD}
    assert client.post("/setup", data=fields).status_code == 200
    with app.app_context():
        assert list(read_session().scalars(select(User.email))) == ["ada@example.com"]


@on_sqlite
def test_everybody_starts_where_their_work_is(shop: Shop) -> None:
    starts = {
        Role.INSTANCE_ADMIN: "/admin/acme/",
        Role.PLATFORM_ADMIN: "/admin/acme/",
        Role.PLATFORM_VIEWER: "/admin/acme/",
        Role.VENDOR_OWNER: "/vendor/blue/",
        Role.VENDOR_MEMBER: "/vendor/blue/",
    }
    assert {role: shop.person(role).get("/").headers["Location"] for role in starts} == starts
    assert shop.app.test_client().get("/").headers["Location"] == "/login"
