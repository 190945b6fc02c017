"""People, roles and tokens of a platform on their pages, from the invitation to the request that it lets through."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import update

from console.domain.words import Role
from console.services.views import PlatformView, VendorView
from console.storage.tables import WebSession
from console.storage.uow import unit_of_work
from console.testing.journeys import make_platform, make_vendor, switch
from console.testing.people import Program, Visitor, log_in

USERS, ROLES, TOKENS = "/admin/acme/users", "/admin/acme/users/roles", "/admin/acme/users/tokens"
CLERK = {"name": "Clerk", "permission": ["orders.view", "orders.manage"]}


def shown(pattern: str, text: str) -> str:
    """What a page shows once."""
    found = re.search(pattern, text)
    assert found, pattern
    return found[1]


def role_id(admin: Visitor, name: str = "Clerk") -> int:
    listed = admin.get(ROLES).text
    return int(shown(rf"/users/roles/(\d+)\">{name}<", listed))


def logged_in(app: Flask, email: str, password: str) -> Visitor:
    """Somebody who logs in with the password that a page showed."""
    client = app.test_client()
    token = shown(r'name="csrf_token" value="([^"]+)"', client.get("/login").text)
    answer = client.post("/login", data={"csrf_token": token, "email": email, "password": password})
    assert answer.status_code == 303, answer.text
    page = client.get("/account").text
    return Visitor(client, shown(r'name="csrf_token" value="([^"]+)"', page), 0)


def test_a_role_is_made_given_and_ends_with_its_module(
    console_app: Flask, admin: Visitor, console_platform: PlatformView
) -> None:
    switch(console_app, console_platform.id, "orders", on=True)
    assert admin.post(f"{ROLES}/new/admin", CLERK).status_code == 303
    let_in = admin.post(USERS, {"email": "clerk@example.test", "role": [str(role_id(admin))]})
    assert let_in.status_code == 200
    clerk = logged_in(console_app, "clerk@example.test", shown(r'data-testid="new-password">([^<]+)<', let_in.text))
    assert clerk.get("/admin/acme/").status_code == 200
    assert clerk.get("/admin/acme/orders/").status_code == 200
    refused = clerk.get("/admin/acme/modules")
    assert (refused.status_code, "modules.view" in refused.text) == (403, True)

    switch(console_app, console_platform.id, "orders", on=False)
    assert clerk.get("/admin/acme/orders/").status_code == 404
    assert "its module is off" in admin.get(f"{ROLES}/{role_id(admin)}").text
    switch(console_app, console_platform.id, "orders", on=True)
    assert clerk.get("/admin/acme/orders/").status_code == 200

    assert admin.post(f"{ROLES}/{role_id(admin)}", {"name": "Clerk", "permission": ["cms.view"]}).status_code == 303
    assert clerk.get("/admin/acme/orders/").status_code == 403
    assert admin.post(f"{ROLES}/{role_id(admin)}/delete").status_code == 303
    assert clerk.get("/admin/acme/").status_code == 404


def test_somebody_is_changed_and_taken_off(console_app: Flask, admin: Visitor, console_platform: PlatformView) -> None:
    bob = log_in(console_app, Role.PLATFORM_VIEWER, platform=console_platform)
    assert bob.post("/admin/acme/vendors", {"name": "Red", "slug": "red"}).status_code == 403
    assert admin.post(f"{USERS}/{bob.user_id}", {"role": ["platform-admin"]}).status_code == 303
    assert bob.post("/admin/acme/vendors", {"name": "Red", "slug": "red"}).status_code == 303
    assert admin.post(f"{USERS}/{bob.user_id}", {"remove": "1"}).status_code == 303
    assert bob.get("/admin/acme/").status_code == 404
    assert 'data-testid="person-' in admin.get(USERS).text


def test_mistakes_come_back_with_what_was_typed(admin: Visitor) -> None:
    wrong = admin.post(USERS, {"email": "no address", "role": ["platform-viewer"]})
    assert (wrong.status_code, "no address" in wrong.text) == (422, True)
    assert admin.post(USERS, {"email": "a@example.test"}).status_code == 422
    assert admin.post(USERS, {"email": "a@example.test", "role": ["instance-admin"]}).status_code == 422
    assert admin.post(USERS, {"email": "a@example.test", "role": ["999"]}).status_code == 422
    empty = admin.post(f"{ROLES}/new/vendor", {"name": "Nothing"})
    assert (empty.status_code, 'value="Nothing"' in empty.text) == (422, True)
    assert admin.post(f"{USERS}/{admin.user_id}", {}).status_code == 422
    assert admin.get(f"{ROLES}/99").status_code == 404
    assert admin.post(f"{USERS}/99999", {"remove": "1"}).status_code == 404


def test_a_keeper_of_people_cannot_rise(console_app: Flask, admin: Visitor) -> None:
    keeper = {"name": "Keeper", "permission": ["users.view", "users.manage"]}
    assert admin.post(f"{ROLES}/new/admin", keeper).status_code == 303
    let_in = admin.post(USERS, {"email": "keeper@example.test", "role": [str(role_id(admin, "Keeper"))]})
    eve = logged_in(console_app, "keeper@example.test", shown(r'data-testid="new-password">([^<]+)<', let_in.text))
    own = int(
        shown(r'data-testid="person-keeper@example.test".*?/users/(\d+)"', eve.get(USERS).text.replace("\n", " "))
    )
    rise = eve.post(f"{USERS}/{own}", {"role": ["platform-admin", str(role_id(admin, "Keeper"))]})
    assert (rise.status_code, "platform-admin" in rise.text) == (403, True)
    assert eve.post(f"{ROLES}/new/admin", CLERK).status_code == 403
    assert eve.post(f"{USERS}/{admin.user_id}", {"remove": "1"}).status_code == 403


def test_a_foreign_platform_is_not_reached_through_its_ids(
    console_app: Flask, admin: Visitor, console_platform: PlatformView
) -> None:
    globex = make_platform(console_app, "globex", "Globex")
    other = log_in(console_app, Role.PLATFORM_ADMIN, platform=globex)
    assert other.post("/admin/globex/users/roles/new/admin", {**CLERK, "permission": ["cms.view"]}).status_code == 303
    theirs = int(shown(r"/users/roles/(\d+)\">Clerk<", other.get("/admin/globex/users/roles").text))
    assert admin.get(f"{ROLES}/{theirs}").status_code == 404
    assert admin.post(f"{ROLES}/{theirs}/delete").status_code == 404
    assert admin.post(f"{USERS}/{other.user_id}", {"role": ["platform-admin"]}).status_code == 404
    made = other.post("/admin/globex/users/tokens", {"name": "theirs", "days": "30", "all": "1"})
    token = int(shown(r'data-testid="token-(\d+)"', made.text))
    assert admin.post(f"{TOKENS}/{token}/revoke").status_code == 404


def program_of(app: Flask, page: str) -> Program:
    secret = shown(r'data-testid="new-secret">([^<]+)<', page)
    return Program(app.test_client(), {"Authorization": f"Bearer {secret}"})


def test_a_token_does_what_it_was_made_for_and_dies_with_its_creators_rights(
    console_app: Flask, admin: Visitor, root: Visitor, console_platform: PlatformView
) -> None:
    chief = log_in(console_app, Role.PLATFORM_ADMIN, platform=console_platform)
    made = chief.post(TOKENS, {"name": "ci", "days": "30", "permission": ["modules.view", "vendors.manage"]})
    robot = program_of(console_app, made.text)
    assert robot.send("GET", "/api/admin/modules").status_code == 200
    assert robot.send("GET", "/api/admin/audit").status_code == 403
    assert robot.send("POST", "/api/admin/vendors", {"slug": "red", "name": "Red"}).status_code == 201
    assert shown(r'data-testid="new-secret">([^<]+)<', made.text) not in chief.get(TOKENS).text

    assert admin.post(f"{USERS}/{chief.user_id}", {"role": ["platform-viewer"]}).status_code == 303
    assert robot.send("GET", "/api/admin/modules").status_code == 200
    assert robot.send("POST", "/api/admin/vendors", {"slug": "green", "name": "Green"}).status_code == 403
    assert admin.post(f"{USERS}/{chief.user_id}", {"remove": "1"}).status_code == 303
    assert robot.send("GET", "/api/admin/modules").status_code == 401
    assert admin.post(f"{USERS}/{chief.user_id}", {"role": ["platform-admin"]}).status_code == 404
    assert root.post(f"/instance/users/{chief.user_id}/disable").status_code == 303
    assert robot.send("GET", "/api/admin/modules").status_code == 401


def test_a_token_of_a_vendor_made_by_an_admin_reaches_that_vendor_alone(
    console_app: Flask, admin: Visitor, console_platform: PlatformView, console_vendor: VendorView
) -> None:
    make_vendor(console_app, console_platform, "red", "Red")
    made = admin.post(TOKENS, {"name": "shop", "days": "30", "all": "1", "scope": console_vendor.slug})
    robot = program_of(console_app, made.text)
    assert robot.send("GET", "/api/vendor/tenancy/vendor").status_code == 200
    robot.headers["X-Console-Vendor"] = "red"
    assert robot.send("GET", "/api/vendor/tenancy/vendor").status_code == 404
    assert admin.post(TOKENS, {"name": "x", "days": "30", "all": "1", "scope": "nowhere"}).status_code == 404


def test_nobody_makes_a_token_that_may_more_than_they(console_app: Flask, admin: Visitor) -> None:
    keeper = {"name": "Keys", "permission": ["tokens.view", "tokens.manage", "modules.view"]}
    assert admin.post(f"{ROLES}/new/admin", keeper).status_code == 303
    let_in = admin.post(USERS, {"email": "keys@example.test", "role": [str(role_id(admin, "Keys"))]})
    eve = logged_in(console_app, "keys@example.test", shown(r'data-testid="new-password">([^<]+)<', let_in.text))
    more = eve.post(TOKENS, {"name": "x", "days": "30", "permission": ["modules.toggle"]})
    assert (more.status_code, "modules.toggle" in more.text) == (403, True)
    robot = program_of(console_app, eve.post(TOKENS, {"name": "x", "days": "30", "all": "1"}).text)
    assert robot.send("GET", "/api/admin/modules").status_code == 200
    assert robot.send("GET", "/api/admin/vendors").status_code == 403


def test_a_token_is_revoked_on_its_page_and_an_instance_has_its_own(
    console_app: Flask, admin: Visitor, root: Visitor, console_platform: PlatformView
) -> None:
    made = admin.post(TOKENS, {"name": "ci", "days": "30", "all": "1"})
    robot, token = program_of(console_app, made.text), shown(r'data-testid="token-(\d+)"', made.text)
    assert admin.post(f"{TOKENS}/{token}/revoke").status_code == 303
    assert robot.send("GET", "/api/admin/modules").status_code == 401
    assert admin.post(TOKENS, {"name": "", "days": "30", "all": "1"}).status_code == 422
    assert admin.post(TOKENS, {"name": "x", "days": "9999", "all": "1"}).status_code == 422
    assert admin.post(TOKENS, {"name": "x", "days": "30"}).status_code == 422
    whole = root.post("/instance/tokens", {"name": "all", "days": "30", "all": "1"})
    everywhere = program_of(console_app, whole.text)
    everywhere.headers["X-Console-Platform"] = console_platform.slug
    assert everywhere.send("GET", "/api/admin/modules").status_code == 200
    newest = shown(r'data-testid="token-(\d+)"', whole.text)
    assert root.post(f"/instance/tokens/{newest}/revoke").status_code == 303
    assert everywhere.send("GET", "/api/admin/modules").status_code == 401


def test_who_may_what_is_changed_only_by_somebody_who_proved_lately_who_they_are(
    console_app: Flask, admin: Visitor
) -> None:
    with console_app.app_context(), unit_of_work() as uow:
        uow.session.execute(update(WebSession).where(WebSession.user_id == admin.user_id).values(proved_at=None))
    for path, form in (
        (USERS, {"email": "new@example.test", "role": ["platform-viewer"]}),
        (f"{USERS}/{admin.user_id}", {"remove": "1"}),
        (f"{ROLES}/new/admin", CLERK),
        (TOKENS, {"name": "ci", "days": "30", "all": "1"}),
    ):
        asked = admin.post(path, form)
        assert (asked.status_code, 'name="proof_password"' in asked.text) == (403, True), path
    assert "new@example.test" not in admin.get(USERS).text
