"""Tiers on their pages: what a vendor loses is shown before it goes, and the vendor's pages follow."""

from __future__ import annotations

import re

from flask import Flask

from console.domain.words import Role
from console.services.views import PlatformView, VendorView
from console.testing.journeys import make_platform, make_vendor
from console.testing.people import Visitor, log_in
from tests.web.html import element, hidden_fields

TIERS, SHOP = "/admin/acme/tiers", "/admin/acme/vendors/first-shop"
PAGES = {"title": "A page", "slug": "a-page", "language": "en", "content": "<p>Hello</p>"}


def tier(admin: Visitor, code: str, **fields: object) -> None:
    """A tier with these features and limits."""
    assert admin.post(TIERS, {"name": code.title(), "code": code}).status_code == 303
    assert admin.post(f"{TIERS}/{code}", {"name": code.title(), **fields}).status_code == 303


def give(admin: Visitor, code: str) -> str:
    """Give the shop the tier by way of its plan; the plan's page."""
    url = f"{SHOP}/tier"
    plan = admin.get(f"{url}?tier={code}")
    assert plan.status_code == 200
    assert admin.post(url, hidden_fields(plan, url)).status_code == 303
    return plan.text


def test_a_tier_takes_pages_and_gives_them_back_with_what_was_kept(
    console_app: Flask, admin: Visitor, owner: Visitor
) -> None:
    assert owner.post("/vendor/first-shop/cms/new", PAGES).status_code == 303
    tier(admin, "small", feature=["media_library"], **{"limit-cms.pages": "0"})
    plan = give(admin, "small")
    assert "Content pages" in plan
    assert "more than that is there already" in plan
    refused = owner.get("/vendor/first-shop/cms/")
    assert (refused.status_code, "content_pages" in refused.text) == (403, True)
    assert 'data-testid="menu-content-pages"' not in owner.get("/vendor/first-shop/").text
    assert owner.get("/vendor/first-shop/cms/media").status_code == 200

    tier(admin, "large", feature=["content_pages", "media_library"], **{"limit-cms.pages": "1"})
    give(admin, "large")
    assert "A page" in owner.get("/vendor/first-shop/cms/").text
    full = owner.post("/vendor/first-shop/cms/new", {**PAGES, "slug": "another"})
    assert full.status_code == 409
    give(admin, "")
    assert owner.post("/vendor/first-shop/cms/new", {**PAGES, "slug": "another"}).status_code == 303


def test_the_page_of_a_vendor_says_what_is_on_and_why(admin: Visitor, console_vendor: VendorView) -> None:
    tier(admin, "small", feature=["content_pages"])
    give(admin, "small")
    page = admin.get(SHOP)
    assert 'data-on="off"' in page.text.partition('data-testid="feature-media_library"')[2][:30]
    assert "not in its tier" in element(page, "feature-media_library")
    why = admin.get(f"{SHOP}/features/media_library").text
    assert "the tier Small does not have it" in why
    given = admin.post(f"{SHOP}/features/media_library", {"want": "on", "until": "2099-01-31", "note": "A trial"})
    assert given.status_code == 303
    row = element(admin.get(SHOP), "feature-media_library")
    assert ("overridden" in row, "A trial" in row) == (True, True)
    assert "2099" in admin.get(f"{SHOP}/features/media_library").text
    assert admin.post(f"{SHOP}/features/media_library", {"want": "end"}).status_code == 303
    assert "not in its tier" in element(admin.get(SHOP), "feature-media_library")


def test_what_was_not_shown_is_not_taken(admin: Visitor, console_vendor: VendorView) -> None:
    tier(admin, "small", feature=["content_pages"])
    refused = admin.post(f"{SHOP}/tier", {"tier": "small"})
    assert (refused.status_code, "Media library" in refused.text) == (409, True)
    assert admin.post(f"{SHOP}/tier", {**hidden_fields(refused, f"{SHOP}/tier")}).status_code == 303

    shown = admin.post(f"{TIERS}/small", {"name": "Small"})
    assert (shown.status_code, "1 vendor is affected" in shown.text) == (409, True)
    seen = re.search(r'name="seen" value="(\w+)"', shown.text)
    assert seen is not None
    assert admin.post(f"{TIERS}/small", {"name": "Small", "seen": seen[1]}).status_code == 303
    kept = admin.post(f"{TIERS}/small/delete")
    assert (kept.status_code, "1 vendor has this tier" in kept.text) == (409, True)


def test_mistakes_come_back_with_a_reason(admin: Visitor, console_vendor: VendorView) -> None:
    tier(admin, "small")
    assert admin.post(TIERS, {"name": "Again", "code": "small"}).status_code == 422
    assert admin.post(TIERS, {"name": "X", "code": "Not A Slug"}).status_code == 422
    assert admin.post(f"{TIERS}/small", {"name": "Small", "limit-cms.pages": "many"}).status_code == 422
    assert admin.post(f"{TIERS}/small", {"name": "Small", "feature": ["nothing"]}).status_code == 422
    assert admin.post(f"{SHOP}/features/media_library", {"want": "on", "until": "soon"}).status_code == 422
    assert admin.post(f"{SHOP}/features/media_library", {"want": "on", "until": "2001-01-01"}).status_code == 422
    for missing in (f"{TIERS}/none", f"{SHOP}/tier?tier=none", f"{SHOP}/features/none", "/admin/acme/vendors/none"):
        assert admin.get(missing).status_code == 404, missing
    assert admin.post(f"{SHOP}/features/none", {"want": "on"}).status_code == 404
    assert admin.post(f"{TIERS}/small/delete").status_code == 303


def test_a_vendor_of_another_platform_is_as_unknown_as_none(
    console_app: Flask, admin: Visitor, console_platform: PlatformView
) -> None:
    globex = make_platform(console_app, "globex", "Globex")
    make_vendor(console_app, globex, "green", "Green")
    for path in ("", "/tier", "/features/media_library"):
        assert admin.get(f"/admin/acme/vendors/green{path}").status_code == 404
    for path in ("/tier", "/features/media_library", "/users"):
        assert admin.post(f"/admin/acme/vendors/green{path}", {"want": "on"}).status_code == 404


def test_people_of_a_vendor_are_let_in_by_the_platform(
    console_app: Flask, admin: Visitor, console_vendor: VendorView
) -> None:
    made = admin.post(f"{SHOP}/users", {"email": "own@example.test", "role": ["vendor-owner"]})
    assert (made.status_code, 'data-testid="new-password"' in made.text) == (200, True)
    member = log_in(console_app, Role.VENDOR_MEMBER, vendor=console_vendor)
    assert admin.post(f"{SHOP}/users/{member.user_id}", {"remove": "1"}).status_code == 303
    assert member.get("/vendor/first-shop/").status_code == 404
    assert admin.post(f"{SHOP}/users", {"email": "x@example.test", "role": ["platform-admin"]}).status_code == 422
