"""People, roles and tokens by the API: the same services as the pages, and the same refusals."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from console.domain.words import Role
from console.services import persons, tokens, users
from console.services.tokens import Creator
from console.storage.uow import unit_of_work
from console.testing.journeys import TESTER
from console.testing.people import Program
from tests.support.shop import Shop

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
PEOPLE, ROLES, TOKENS = "/api/admin/users", "/api/admin/users/roles", "/api/admin/users/tokens"
USERS = "/api/instance/users"


def code_of(program: Program, method: str, path: str, body: object = None) -> tuple[int, str]:
    """Status and code of a refusal."""
    answer = program.send(method, path, body)
    return answer.status_code, answer.get_json()["error"]["code"]


def bearer(shop: Shop, secret: str) -> Program:
    """A program with that token."""
    return Program(shop.app.test_client(), {"Authorization": f"Bearer {secret}"})


def test_somebody_is_let_in_changed_and_taken_off(shop: Shop) -> None:
    token = shop.token(shop.acme)
    made = token.send("POST", ROLES, {"name": "Clerk", "frontend": "admin", "permissions": ["modules.view"]})
    role = made.get_json()["role"]
    assert (made.status_code, role["permissions"], role["holders"]) == (201, ["modules.view"], 0)
    invited = token.send("POST", PEOPLE, {"email": "New@Example.test", "roles": ["platform-viewer", role["id"]]})
    person, password = invited.get_json()["person"], invited.get_json()["password"]
    assert (invited.status_code, person["email"], len(password) > 10) == (201, "new@example.test", True)
    again = token.send("POST", PEOPLE, {"email": "new@example.test", "roles": ["platform-admin"]}).get_json()
    assert (again["password"], again["person"]["id"]) == (None, person["id"])
    changed = token.send("PUT", f"{PEOPLE}/{person['id']}", {"roles": [role["id"]]}).get_json()
    assert changed["person"]["roles"] == [role["id"]]
    assert token.send("GET", ROLES).get_json()["roles"][0]["holders"] == 1
    saved = token.send("PUT", f"{ROLES}/{role['id']}", {"name": "Reader", "permissions": ["audit.view"]}).get_json()
    assert (saved["role"]["name"], saved["role"]["permissions"]) == ("Reader", ["audit.view"])
    assert token.send("DELETE", f"{PEOPLE}/{person['id']}").get_json()["person"]["roles"] == []
    assert code_of(token, "DELETE", f"{PEOPLE}/{person['id']}") == (404, "unknown_user")
    assert token.send("DELETE", f"{ROLES}/{role['id']}").get_json() == {"schema": 1, "deleted": role["id"]}
    assert token.send("GET", ROLES).get_json()["roles"] == []


@on_sqlite
def test_a_vendors_people_are_its_own(shop: Shop) -> None:
    token = shop.token(shop.acme)
    path = "/api/admin/vendors/blue/users"
    made = token.send("POST", path, {"email": "ada@example.test", "roles": ["vendor-member"]}).get_json()
    mine = f"{path}/{made['person']['id']}"
    assert token.send("PUT", mine, {"roles": ["vendor-owner"]}).get_json()["person"]["roles"] == ["vendor-owner"]
    assert token.send("GET", path.replace("blue", "red")).get_json()["people"] == []
    assert code_of(token, "PUT", mine.replace("blue", "red"), {"roles": ["vendor-owner"]}) == (404, "unknown_user")
    assert code_of(token, "PUT", mine, {"roles": ["platform-admin"]}) == (400, "usage")
    assert token.send("DELETE", mine).status_code == 200


def test_an_account_is_made_unlocked_and_disabled(shop: Shop) -> None:
    root = shop.token(None)
    wish = {"email": "ada@example.test", "role": "vendor-owner", "vendor": "blue", "name": "Ada"}
    made = root.send("POST", USERS, wish)
    user, password = made.get_json()["user"], made.get_json()["password"]
    assert (made.status_code, user["roles"][0]["vendor"], user["active"]) == (201, "blue", True)
    assert code_of(root, "POST", USERS, wish) == (409, "user_exists")
    assert code_of(root, "POST", USERS, {**wish, "email": "b@example.test", "platform": "acme"}) == (400, "usage")
    browser = shop.app.test_client()
    browser.set_cookie("console-visitor", "x")
    entered = browser.post("/login", data={"email": wish["email"], "password": password, "csrf_token": "x"})
    assert entered.status_code == 303, "the password that was told opens the account"
    mine = f"{USERS}/{user['id']}"
    (session,) = root.send("GET", f"{mine}/logins").get_json()["sessions"]
    assert root.send("POST", f"{mine}/logins/{session['id']}/end").get_json()["sessions"] == []
    assert code_of(root, "POST", f"{mine}/logins/{session['id']}/end") == (404, "unknown_session")
    assert root.send("POST", f"{mine}/logins/unlock").status_code == 200
    assert root.send("POST", f"{mine}/logins/reset").get_json()["codes_left"] == 0
    assert root.send("POST", f"{mine}/disable").get_json()["user"]["active"] is False
    assert root.send("GET", mine).get_json()["user"]["active"] is False
    chief = shop.person(Role.INSTANCE_ADMIN)
    assert code_of(root, "POST", f"{USERS}/{chief.user_id}/disable") == (409, "last_admin")
    assert code_of(shop.token(shop.acme), "GET", USERS) == (403, "forbidden")


def test_a_token_is_made_used_and_revoked(shop: Shop) -> None:
    token = shop.token(shop.acme)
    made = token.send("POST", TOKENS, {"name": "robot", "permissions": ["modules.view"], "expires_days": 1})
    found = made.get_json()
    assert (made.status_code, found["token"]["platform"], found["token"]["permissions"]) == (
        201,
        "acme",
        ["modules.view"],
    )
    robot = bearer(shop, found["secret"])
    assert robot.send("GET", "/api/admin/modules").status_code == 200
    assert code_of(robot, "GET", TOKENS) == (403, "forbidden")
    listed = token.send("GET", TOKENS)
    assert [each["name"] for each in listed.get_json()["tokens"]] == ["robot", "test"]
    assert found["secret"] not in listed.text
    gone = token.send("POST", f"{TOKENS}/{found['token']['id']}/revoke").get_json()["token"]
    assert gone["revoked_at"] is not None
    assert robot.send("GET", "/api/admin/modules").status_code == 401
    stranger = shop.token(shop.globex)
    assert code_of(stranger, "POST", f"{TOKENS}/{found['token']['id']}/revoke") == (404, "unknown_token")
    vendors = token.send("POST", TOKENS, {"name": "blue robot", "vendor": "blue"}).get_json()
    assert bearer(shop, vendors["secret"]).send("GET", "/api/vendor/catalog").status_code == 200
    assert code_of(token, "POST", TOKENS, {"name": "x", "vendor": "green"}) == (404, "unknown_vendor")


@on_sqlite
def test_a_token_makes_none_that_may_more_or_lives_longer(shop: Shop) -> None:
    chief = shop.person(Role.PLATFORM_ADMIN)
    few = ["tokens.manage", "modules.view", "instance.manage"]
    with shop.app.app_context(), unit_of_work() as uow:
        rt = shop.app.extensions["console"]
        maker, secret = tokens.create(
            uow,
            "maker",
            expires_days=2,
            platform_id=shop.acme.id,
            permissions=few[:2],
            creator=Creator(chief.user_id, persons.grants_of(uow.session, chief.user_id)),
            actor=TESTER,
            now=rt.clock(),
        )
        _view, strong = tokens.create(
            uow, "half a chief", expires_days=1, permissions=few, actor=TESTER, now=rt.clock()
        )
    half = bearer(shop, secret)
    made = half.send("POST", TOKENS, {"name": "child", "expires_days": 3000}).get_json()
    assert made["token"]["permissions"] == sorted(few[:2])
    ends = datetime.fromisoformat(made["token"]["expires_at"])
    assert abs(ends - maker.expires_at) < timedelta(seconds=1)
    assert code_of(half, "POST", TOKENS, {"name": "more", "permissions": ["users.manage"]}) == (403, "forbidden")
    wish = {"email": "king@example.test", "role": "instance-admin"}
    assert code_of(bearer(shop, strong), "POST", USERS, wish) == (403, "forbidden")
    child = bearer(shop, made["secret"])
    assert child.send("GET", "/api/admin/modules").status_code == 200
    with shop.app.app_context(), unit_of_work() as uow:
        users.disable(uow, chief.user_id, actor=TESTER, now=rt.clock())
    assert child.send("GET", "/api/admin/modules").status_code == 401, "it ends with the person behind it"
