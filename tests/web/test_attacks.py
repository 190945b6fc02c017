"""What somebody tries who wants more than a form or an address offers: each is refused or changes nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from console.domain.words import Role
from console.storage.tables import Membership, User, Vendor
from console.storage.uow import end_read, read_session
from console.testing.people import Visitor
from console.web.limits import LARGEST_BODY_BYTES, MOST_PARTS
from tests.support.shop import Shop
from tests.web.routes import JSON

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
PROFILE = "/account/profile"


def names_of(shop: Shop) -> list[str]:
    """What the people of the console are called."""
    with shop.app.app_context():
        end_read()
        return list(read_session().scalars(select(User.name)))


# --- more than fits ---------------------------------------------------------------------------------------------------


def too_big_a_body(admin: Visitor) -> dict[str, object]:
    return {"data": b"x" * (LARGEST_BODY_BYTES + 1), "content_type": "application/x-www-form-urlencoded"}


def too_many_parts(admin: Visitor) -> dict[str, object]:
    more = {f"field-{number}": "x" for number in range(MOST_PARTS)}
    return {"data": {"csrf_token": admin.csrf, "name": "Eve", **more}, "content_type": "multipart/form-data"}


@on_sqlite
@pytest.mark.parametrize("sent", [too_big_a_body, too_many_parts])
def test_what_is_too_large_is_refused_in_the_one_shape_and_changes_nothing(
    shop: Shop, sent: Callable[[Visitor], dict[str, object]]
) -> None:
    admin = shop.person(Role.PLATFORM_ADMIN)
    before = names_of(shop)
    answer = admin.client.post(PROFILE, headers=JSON, **sent(admin))
    assert answer.status_code == 413, answer.text
    assert answer.get_json()["error"]["code"] == "too_large"
    assert names_of(shop) == before


@on_sqlite
def test_a_body_that_is_too_large_is_refused_by_the_api_too(shop: Shop) -> None:
    token = shop.token(shop.acme)
    body = b'{"slug": "' + b"s" * LARGEST_BODY_BYTES + b'"}'
    answer = token.client.post("/api/admin/vendors", data=body, headers=token.headers, content_type="application/json")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (413, "too_large")


# --- more than was asked ----------------------------------------------------------------------------------------------


def test_fields_that_a_form_does_not_have_change_nothing(shop: Shop) -> None:
    viewer = shop.person(Role.PLATFORM_VIEWER)
    extra = {
        "id": "1",
        "user_id": "1",
        "email": "root@example.com",
        "role": "instance-admin",
        "is_active": "",
        "password_hash": "x",
        "platform_id": str(shop.globex.id),
    }
    assert viewer.post(PROFILE, {"name": "Ada", **extra}).status_code == 303
    with shop.app.app_context():
        end_read()
        user = read_session().get_one(User, viewer.user_id)
        roles = read_session().execute(
            select(Membership.role, Membership.platform_id).where(Membership.user_id == viewer.user_id)
        )
        assert (user.name, user.is_active, user.password_hash) == ("Ada", True, None)
        assert user.email != "root@example.com"
        assert [tuple(row) for row in roles] == [(Role.PLATFORM_VIEWER, shop.acme.id)]


def test_keys_that_a_document_does_not_have_change_nothing(shop: Shop) -> None:
    body = {"slug": "planted", "name": "Planted", "id": shop.green.id, "platform_id": shop.globex.id}
    shop.token(shop.acme).send("POST", "/api/admin/vendors", body)
    with shop.app.app_context():
        end_read()
        planted = read_session().scalars(select(Vendor.platform_id).where(Vendor.slug == "planted")).all()
        assert set(planted) <= {shop.acme.id}
        assert read_session().get_one(Vendor, shop.green.id).slug == "green"


# --- out of the folder ------------------------------------------------------------------------------------------------

CLIMBS = ("../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%5c", "%252e%252e%252f", "....//", "/", "%00/")


@on_sqlite
@pytest.mark.parametrize("folder", ["/static/", "/static/m/cms/", "/static/fonts/", "/vendor/blue/cms/media/"])
def test_no_address_leads_out_of_its_folder(shop: Shop, folder: str) -> None:
    owner = shop.person(Role.VENDOR_OWNER)
    for climb in CLIMBS:
        for target in ("pyproject.toml", "etc/passwd", "secret.key"):
            answer = owner.client.get(folder + climb * 8 + target, follow_redirects=True)
            assert answer.status_code in (400, 404), (climb, target)
            assert "root:" not in answer.text
            assert "module-console-key" not in answer.text


# --- what was uploaded ------------------------------------------------------------------------------------------------


@on_sqlite
def test_what_was_uploaded_is_a_download_in_a_sandbox(shop: Shop) -> None:
    owner = shop.person(Role.VENDOR_OWNER)
    answer = owner.get(f"/vendor/blue/cms/media/{shop.media_name()}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    policy = answer.headers["Content-Security-Policy"]
    assert {"default-src 'none'", "sandbox"} <= set(policy.split("; "))
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


# --- another host -----------------------------------------------------------------------------------------------------


@on_sqlite
def test_a_forged_host_is_in_no_address_that_is_sent_back(shop: Shop) -> None:
    client = shop.app.test_client()
    for path in ("/", "/admin/acme", "/admin/acme/", "/login", "/setup"):
        for forged in (
            {"Host": "evil.example"},
            {"X-Forwarded-Host": "evil.example"},
            {"Forwarded": "host=evil.example"},
        ):
            answer = client.get(path, headers=forged)
            assert "evil.example" not in answer.headers.get("Location", "")
            assert "//evil.example" not in answer.text


@on_sqlite
def test_a_forwarded_host_counts_behind_a_proxy_only_and_must_be_trusted(make_app: Callable[..., Flask]) -> None:
    forwarded = {"X-Forwarded-Host": "evil.example"}
    ours = "http://shop.example"
    alone = make_app(trusted_hosts=("shop.example",)).test_client()
    assert alone.get("/login", base_url=ours, headers=forwarded).status_code == 200
    behind = make_app(trusted_hosts=("shop.example",), proxy_hops=1).test_client()
    assert behind.get("/login", base_url=ours, headers=forwarded).status_code == 400
    spoofed = {"X-Forwarded-Host": "evil.example, shop.example"}  # the last is what our own proxy added
    assert behind.get("/login", base_url=ours, headers=spoofed).status_code == 200
