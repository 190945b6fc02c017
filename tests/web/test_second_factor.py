"""Second factors: set up with a first code, asked for at each login, used once, given up, and wanted by a policy."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from console.domain.words import Role
from console.services import users
from console.storage.tables import Passkey, RecoveryCode, TotpSecret
from console.storage.uow import end_read, read_session, unit_of_work
from console.testing.people import Visitor, log_in
from tests.support.shop import Shop
from tests.web.test_logins import actions, cookie
from tests.web.test_people import HASHED, enter, on_sqlite, token_of

FACTOR = "/account/second-factor"


@pytest.fixture
def person(app: Flask) -> Visitor:
    """An instance admin who logs in with ``PASSWORD``."""
    return with_password(app, log_in(app, Role.INSTANCE_ADMIN))


def with_password(app: Flask, visitor: Visitor) -> Visitor:
    """The visitor with ``PASSWORD``, in a console whose clock stands: a code is of a moment."""
    now = app.extensions["console"].clock()
    app.extensions["console"].clock = lambda: now
    with app.app_context(), unit_of_work() as uow:
        users.by_id(uow.session, visitor.user_id).password_hash = HASHED
    return visitor


def email_of(app: Flask, visitor: Visitor) -> str:
    with app.app_context():
        return users.by_id(read_session(), visitor.user_id).email


class App:
    """An authenticator app that has read the key of a page."""

    def __init__(self, app: Flask, page: str) -> None:
        shown = re.search(r'data-testid="app-key"[^>]*>([A-Z2-7 ]+)<', page)
        step = re.search(r'name="step" value="([^"]+)"', page)
        assert shown is not None
        assert step is not None
        self.key, self.step = shown[1].replace(" ", ""), step[1]
        self._clock = app.extensions["console"].clock

    def code(self, *, steps: int = 0) -> str:
        return pyotp.TOTP(self.key).at(self._clock() + timedelta(seconds=30 * steps))


def connect(app: Flask, visitor: Visitor) -> tuple[App, list[str]]:
    """An app that is asked from now on, and the recovery codes."""
    device = App(app, visitor.get(f"{FACTOR}/app").text)
    done = visitor.post(f"{FACTOR}/app", {"step": device.step, "code": device.code(steps=-1)})
    assert done.status_code == 200, done.text
    return device, re.findall(r"<li>([a-z0-9-]{19})</li>", done.text)


def after_password(app: Flask, visitor: Visitor) -> tuple[FlaskClient, dict[str, str]]:
    """A browser in which the password was right, and the fields of the form that asks for more."""
    client = app.test_client()
    page = enter(client, email_of(app, visitor), next="/account")
    assert (page.status_code, client.get_cookie("console")) == (200, None), "no session yet"
    step = re.search(r'name="step" value="([^"]+)"', page.text)
    assert step is not None
    return client, {"csrf_token": token_of(page), "step": step[1]}


def give(app: Flask, visitor: Visitor, code: str) -> TestResponse:
    """The answer to a login with that code."""
    client, fields = after_password(app, visitor)
    return client.post("/login/code", data={**fields, "code": code})


def test_an_app_is_set_up_asked_for_and_given_up(app: Flask, person: Visitor) -> None:
    page = person.get(f"{FACTOR}/app")
    assert 'src="data:image/svg+xml' in page.text
    device = App(app, page.text)
    wrong = person.post(f"{FACTOR}/app", {"step": device.step, "code": "000000"})
    assert wrong.status_code == 422
    assert device.key in wrong.text.replace(" ", ""), "the same key again"
    elsewhere = log_in(app, Role.INSTANCE_ADMIN)
    stolen = elsewhere.post(f"{FACTOR}/app", {"step": device.step, "code": device.code()})
    assert stolen.status_code == 303, "a step is its owner's"
    old = cookie(person.client)
    device, codes = connect(app, person)
    assert len(set(codes)) == 10
    assert cookie(person.client) != old
    login = give(app, person, device.code())
    assert (login.status_code, login.headers["Location"]) == (303, "/account")
    assert person.post(f"{FACTOR}/app/off").status_code == 303
    assert enter(app.test_client(), email_of(app, person)).status_code == 303
    assert [action for action, _target in actions(app, "users.") if "app" in action] == [
        "users.app_connect",
        "users.app_disconnect",
    ]


def test_a_code_is_taken_once_and_never_one_before_it(app: Flask, person: Visitor) -> None:
    device, _codes = connect(app, person)
    now, late = device.code(), device.code(steps=1)
    assert give(app, person, late).status_code == 303
    assert give(app, person, late).status_code == 422
    assert give(app, person, now).status_code == 422
    assert give(app, person, device.code(steps=3)).status_code == 422


def test_a_recovery_code_works_once_however_it_is_typed(app: Flask, person: Visitor) -> None:
    _device, codes = connect(app, person)
    typed = codes[0].upper().replace("-", " ")
    assert give(app, person, typed).status_code == 303
    assert give(app, person, typed).status_code == 422
    assert "9 recovery codes are left" in person.get(FACTOR).text
    renewed = person.post(f"{FACTOR}/codes")
    assert give(app, person, codes[1]).status_code == 422
    fresh = re.findall(r"<li>([a-z0-9-]{19})</li>", renewed.text)
    assert give(app, person, fresh[1]).status_code == 303
    assert fresh[1] not in person.get(FACTOR).text


@on_sqlite
def test_codes_cannot_be_guessed_although_the_password_is_known(app: Flask, person: Visitor) -> None:
    device, _codes = connect(app, person)
    answers = [give(app, person, "000000").status_code for _try in range(7)]
    assert answers == [422] * 6 + [429]
    assert give(app, person, device.code()).status_code == 429


@on_sqlite
def test_the_step_after_the_password_is_nobody_elses_and_dies_with_what_it_was_for(app: Flask, person: Visitor) -> None:
    device, _codes = connect(app, person)
    client, fields = after_password(app, person)
    for step in ("", "nonsense", device.step):
        refused = client.post("/login/code", data={**fields, "step": step, "code": device.code()})
        assert refused.headers["Location"] == "/login"
    person.post(f"{FACTOR}/codes")
    gone = client.post("/login/code", data={**fields, "code": device.code()})
    assert gone.headers["Location"] == "/login", "the account has changed since"
    assert client.get_cookie("console") is None


@on_sqlite
def test_other_sessions_end_when_an_app_is_connected(app: Flask, person: Visitor) -> None:
    second = app.test_client()
    assert enter(second, email_of(app, person)).status_code == 303
    connect(app, person)
    assert second.get("/account").status_code == 303
    assert person.get("/account").status_code == 200


@on_sqlite
def test_neither_key_nor_codes_can_be_read_from_the_database(app: Flask, person: Visitor) -> None:
    device, codes = connect(app, person)
    with app.app_context():
        end_read()
        row = read_session().query(TotpSecret).one()
        kept = repr([row.sealed, *(each.code_hash for each in read_session().query(RecoveryCode))])
    for secret in (device.key, *codes, *(code.replace("-", "") for code in codes)):
        assert secret not in kept


@on_sqlite
def test_an_admin_takes_lost_factors_away(app: Flask, person: Visitor) -> None:
    connect(app, person)
    admin = log_in(app, Role.INSTANCE_ADMIN)
    page = f"/instance/users/{person.user_id}/logins"
    assert "Authenticator app" in admin.get(page).text
    assert admin.post(f"{page}/reset").status_code == 303
    assert person.get("/account").status_code == 303, "its sessions ended"
    assert enter(app.test_client(), email_of(app, person)).status_code == 303
    assert actions(app, "users.")[-1] == ("users.factors_reset", email_of(app, person))
    with app.app_context():
        end_read()
        assert [read_session().query(table).count() for table in (TotpSecret, RecoveryCode, Passkey)] == [0, 0, 0]


@on_sqlite
def test_a_proof_may_be_a_code_and_a_code_serves_once(app: Flask, person: Visitor) -> None:
    device, _codes = connect(app, person)
    rt = app.extensions["console"]
    later = rt.clock() + timedelta(seconds=rt.settings.proof_s)
    rt.clock = lambda: later
    assert 'name="proof_code"' in person.post(f"{FACTOR}/codes").text
    code = pyotp.TOTP(device.key).at(later)
    assert person.post(f"{FACTOR}/codes", {"proof_code": code}).status_code == 200
    much_later = later + timedelta(seconds=rt.settings.proof_s)
    rt.clock = lambda: much_later
    assert person.post(f"{FACTOR}/codes", {"proof_code": code}).status_code == 422


# --- the policy -------------------------------------------------------------------------------------------------------


@on_sqlite
def test_admins_who_must_have_a_factor_can_do_nothing_before(make_app: Callable[..., Flask]) -> None:
    app = make_app(second_factor="admins")
    person = with_password(app, log_in(app, Role.INSTANCE_ADMIN))
    for path in ("/", "/account", "/instance/", "/instance/users", "/admin/acme/modules", "/keyboard"):
        answer = person.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (303, FACTOR), path
    assert person.get("/instance/", HX_Request="true").headers["HX-Redirect"] == FACTOR
    api = person.get("/api/openapi.json")
    assert (api.status_code, api.get_json()["error"]["code"]) == (403, "second_factor_needed")
    assert person.post("/instance/users", {"email": "x@example.com", "role": "instance-admin"}).status_code == 303
    assert "This console asks you for a second factor" in person.get(FACTOR).text
    connect(app, person)
    assert person.get("/instance/").status_code == 200
    refused = person.post(f"{FACTOR}/app/off")
    assert (refused.status_code, "this is your only one" in refused.text) == (409, True)
    assert person.post("/logout").status_code == 303


@on_sqlite
def test_the_policy_for_admins_leaves_vendors_alone_and_the_one_for_all_does_not(
    shop: Shop,
) -> None:
    rt = shop.app.extensions["console"]
    owner, viewer = shop.person(Role.VENDOR_OWNER), shop.person(Role.PLATFORM_VIEWER)
    admin = shop.person(Role.PLATFORM_ADMIN)
    found = {}
    for policy in ("optional", "admins", "all"):
        rt.settings = replace(rt.settings, second_factor=policy)
        found[policy] = [each.get("/account").status_code for each in (owner, viewer, admin)]
    assert found == {"optional": [200, 200, 200], "admins": [200, 200, 303], "all": [303, 303, 303]}
