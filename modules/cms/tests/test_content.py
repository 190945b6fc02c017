"""Content pages: a vendor writes, publishes and deletes its own; what it writes is harmless; the configuration acts."""

from __future__ import annotations

import pytest
from flask import Flask

from console.sdk import PlatformView, VendorView, db, module_service
from console.testing import ModuleContract, Program, Visitor, log_in, make_vendor, program
from modules.cms.services.content_service import slugify

API = "/api/vendor/cms/pages"


class TestCms(ModuleContract):
    code = "cms"


@pytest.fixture
def owner(console_app: Flask, console_vendor: VendorView) -> Visitor:
    return log_in(console_app, "vendor-owner", vendor=console_vendor)


@pytest.fixture
def token(console_app: Flask, console_vendor: VendorView) -> Program:
    return program(console_app, vendor=console_vendor)


def configure(app: Flask, platform: PlatformView, **values: object) -> None:
    with app.app_context():
        module_service.set_module_config(db, platform.id, "cms", values)


def url(vendor: VendorView, path: str = "") -> str:
    return f"/vendor/{vendor.slug}/cms/{path}"


def test_a_vendor_writes_edits_publishes_and_deletes_a_page(
    owner: Visitor, token: Program, console_vendor: VendorView
) -> None:
    written = {"title": "Opening hours", "content": "<p>From <b>nine</b>.</p>", "meta_title": "Hours"}
    answer = owner.post(url(console_vendor, "new"), written)
    assert answer.status_code == 303
    address = answer.headers["Location"]
    page = token.send("GET", API).get_json()["pages"][0]
    assert (page["slug"], page["language"], page["published"]) == ("opening-hours", "en", False)
    assert page["meta_title"] == "Hours"
    assert owner.post(address, {**written, "title": "Hours", "slug": "hours"}).status_code == 303
    assert owner.post(f"{address}/publish", {"want": "on"}).status_code == 303
    page = token.send("GET", f"{API}/{page['id']}").get_json()["page"]
    assert (page["title"], page["slug"], page["published"]) == ("Hours", "hours", True)
    assert "From <b>nine</b>." in owner.get(f"{address}/preview").get_data(as_text=True)
    assert "Delete “Hours”?" in owner.get(f"{address}/delete").get_data(as_text=True)
    assert owner.get(address).status_code == 200
    assert owner.post(f"{address}/delete").status_code == 303
    assert owner.get(address).status_code == 404
    assert token.send("GET", API).get_json()["pages"] == []


ATTACKS = (
    "<script>alert(1)</script>",
    '<img src="x" onerror="alert(1)">',
    '<p hx-get="/vendor/x/cms/" hx-trigger="load">a</p>',
    '<p data-hx-get="/x" data-hx-swap-oob="true">a</p>',
    '<hx-partial hx-target="body">a</hx-partial>',
    '<a href="javascript:alert(1)">a</a>',
    '<form action="/logout" method="post"><button>a</button></form>',
    '<meta http-equiv="refresh" content="0;url=//evil.example">',
    "<style>body{display:none}</style>",
    '<p style="position:fixed">a</p>',
)


def test_what_a_vendor_writes_is_harmless_before_it_is_stored(token: Program) -> None:
    for attack in ATTACKS:
        stored = token.send("POST", API, {"title": "A", "slug": f"a-{len(attack)}", "content": attack})
        content = stored.get_json()["page"]["content"].lower()
        token.send("DELETE", f"{API}/{stored.get_json()['page']['id']}")
        for word in ("script", "onerror", "hx-", "javascript", "<form", "<meta", "<style", "style="):
            assert word not in content


def test_an_address_is_unique_for_its_vendor_only(
    console_app: Flask, console_platform: PlatformView, owner: Visitor, token: Program, console_vendor: VendorView
) -> None:
    assert token.send("POST", API, {"title": "About us"}).status_code == 201
    refused = token.send("POST", API, {"title": "Another", "slug": "about-us"})
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (409, "slug_taken")
    page = owner.post(url(console_vendor, "new"), {"title": "Another", "slug": "about-us"})
    assert page.status_code == 409
    assert "about-us" in page.get_data(as_text=True)
    other = make_vendor(console_app, console_platform, "other-shop", "Other Shop")
    assert program(console_app, vendor=other).send("POST", API, {"title": "About us"}).status_code == 201


WRONG = (("title", " "), ("slug", "Not a slug!"), ("language", "english"), ("meta_title", "x" * 71))


def test_a_form_that_is_wrong_comes_back_with_the_reason(
    owner: Visitor, token: Program, console_vendor: VendorView
) -> None:
    for field, value in WRONG:
        answer = owner.post(url(console_vendor, "new"), {"title": "A", field: value})
        assert answer.status_code == 422, field
        assert f'class="err" id="d-{field}"' in answer.get_data(as_text=True)
        assert token.send("POST", API, {"title": "A", field: value}).status_code == 422
    assert token.send("GET", API).get_json()["pages"] == []


def test_the_limit_of_the_configuration_holds_with_a_reason(
    console_app: Flask, console_platform: PlatformView, owner: Visitor, token: Program, console_vendor: VendorView
) -> None:
    configure(console_app, console_platform, max_pages_per_vendor=1)
    assert token.send("POST", API, {"title": "One"}).status_code == 201
    refused = token.send("POST", API, {"title": "Two"})
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (409, "page_limit")
    shown = owner.post(url(console_vendor, "new"), {"title": "Two"})
    assert shown.status_code == 409
    assert "You have 1 pages" in shown.get_data(as_text=True)
    assert "1 of 1 pages used" in owner.get(url(console_vendor)).get_data(as_text=True)


def test_search_engine_fields_follow_the_configuration(
    console_app: Flask, console_platform: PlatformView, owner: Visitor, token: Program, console_vendor: VendorView
) -> None:
    assert 'data-testid="seo"' in owner.get(url(console_vendor, "new")).get_data(as_text=True)
    page = token.send("POST", API, {"title": "One", "meta_title": "kept"}).get_json()["page"]
    configure(console_app, console_platform, enable_seo=False)
    assert 'data-testid="seo"' not in owner.get(url(console_vendor, "new")).get_data(as_text=True)
    refused = token.send("POST", API, {"title": "Two", "meta_title": "no"})
    assert refused.get_json()["error"]["code"] == "seo_disabled"
    assert owner.post(url(console_vendor, f"pages/{page['id']}"), {"title": "New"}).status_code == 303
    assert token.send("GET", f"{API}/{page['id']}").get_json()["page"]["meta_title"] == "kept"


def test_the_default_language_of_the_configuration_is_taken(
    console_app: Flask, console_platform: PlatformView, token: Program
) -> None:
    configure(console_app, console_platform, default_language="fr")
    assert token.send("POST", API, {"title": "Un"}).get_json()["page"]["language"] == "fr"


def test_admins_see_the_pages_of_all_vendors_and_can_take_one_offline(
    console_app: Flask, console_platform: PlatformView, token: Program, console_vendor: VendorView
) -> None:
    page = token.send("POST", API, {"title": "About us"}).get_json()["page"]
    admin = log_in(console_app, "platform-admin", platform=console_platform)
    listed = admin.get(f"/admin/{console_platform.slug}/cms/").get_data(as_text=True)
    assert "About us" in listed
    assert console_vendor.name in listed
    address = f"/admin/{console_platform.slug}/cms/pages/{page['id']}"
    assert admin.post(f"{address}/publish", {"want": "on"}).status_code == 303
    assert "Take offline" in admin.get(address).get_data(as_text=True)
    assert admin.post(f"{address}/publish", {"want": "off"}).status_code == 303
    shown = program(console_app, platform=console_platform).send("GET", f"/api/admin/cms/pages/{page['id']}")
    assert shown.get_json()["page"]["published"] is False


def test_another_vendors_page_is_unknown(console_app: Flask, console_platform: PlatformView, token: Program) -> None:
    page = token.send("POST", API, {"title": "Mine"}).get_json()["page"]
    other = make_vendor(console_app, console_platform, "other-shop", "Other Shop")
    stranger = log_in(console_app, "vendor-owner", vendor=other)
    address = url(other, f"pages/{page['id']}")
    for answer in (
        stranger.get(address),
        stranger.get(f"{address}/preview"),
        stranger.post(address, {"title": "Yours"}),
        stranger.post(f"{address}/publish", {"want": "on"}),
        stranger.post(f"{address}/delete"),
    ):
        assert answer.status_code == 404
    assert token.send("GET", f"{API}/{page['id']}").get_json()["page"]["title"] == "Mine"


def test_members_read_and_do_not_write(console_app: Flask, token: Program, console_vendor: VendorView) -> None:
    page = token.send("POST", API, {"title": "Mine"}).get_json()["page"]
    member = log_in(console_app, "vendor-member", vendor=console_vendor)
    assert member.get(url(console_vendor, f"pages/{page['id']}")).status_code == 200
    assert member.get(url(console_vendor, "new")).status_code == 403
    assert member.post(url(console_vendor, f"pages/{page['id']}/delete")).status_code == 403


@pytest.mark.parametrize(
    ("title", "slug"), [("Über uns & Co.", "uber-uns-co"), ("  ", "page"), ("日本", "page"), ("A" * 300, "a" * 180)]
)
def test_addresses_are_made_of_letters_and_digits(title: str, slug: str) -> None:
    assert slugify(title) == slug
