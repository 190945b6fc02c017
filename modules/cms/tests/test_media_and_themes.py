"""Pictures are pictures whatever their name says; a theme is seen on the vendor's pages."""

from __future__ import annotations

import hashlib
import re
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import update

from console.sdk import PlatformView, VendorView, scope, unit_of_work
from console.testing import Visitor, log_in, make_vendor, program
from modules.cms.models import Media
from modules.cms.schemas import ThemeIn
from modules.cms.services import media_service
from modules.cms.services.theme_service import stylesheet
from modules.cms.tests.samples import sample

PNG = sample("PNG")


@pytest.fixture
def owner(console_app: Flask, console_vendor: VendorView) -> Visitor:
    return log_in(console_app, "vendor-owner", vendor=console_vendor)


def addresses(owner: Visitor, library: str) -> list[str]:
    """Where the pictures of the library are, the newest first."""
    return re.findall(r'<a class="link" href="([^"]+/cms/media/[^"]+)"', owner.get(library).text)


def test_a_picture_is_kept_served_and_deleted(owner: Visitor, console_vendor: VendorView) -> None:
    library = f"/vendor/{console_vendor.slug}/cms/media"
    assert owner.post(library, {"file": (BytesIO(PNG), "../../logo one.png")}).status_code == 303
    page = owner.get(library).get_data(as_text=True)
    assert "logo_one.png" in page
    number = page.split('data-testid="media-')[1].split('"')[0]
    address = addresses(owner, library)[0]
    picture = owner.get(address)
    assert (picture.data, picture.mimetype) == (PNG, "image/png")
    assert owner.post(f"{library}/{number}/delete").status_code == 303
    assert owner.get(address).status_code == 404


def test_an_upload_has_a_random_name_and_is_served_as_a_download_in_a_sandbox(
    console_app: Flask, owner: Visitor, console_vendor: VendorView
) -> None:
    library = f"/vendor/{console_vendor.slug}/cms/media"
    for name in ("first.png", "first.png", "other.png"):
        owner.post(library, {"file": (BytesIO(PNG), name)})
    found = addresses(owner, library)
    assert len(found) == len(set(found)) == 3, "the same bytes under the same label, and three names"
    digests = [hashlib.new(kind, PNG).hexdigest() for kind in ("md5", "sha1", "sha256", "sha512", "blake2b")]
    for address in found:
        name = address.rpartition("/")[2]
        assert re.fullmatch(r"[0-9a-f]{32}\.png", name)
        assert not any(name[:8] in digest for digest in digests)
        picture = owner.get(address)
        assert picture.headers["Content-Disposition"] == f"attachment; filename={name}"
        assert {"default-src 'none'", "sandbox"} <= set(picture.headers["Content-Security-Policy"].split("; "))
        assert picture.headers["X-Content-Type-Options"] == "nosniff"
        assert "first" not in str(picture.headers)
    number = owner.get(library).text.split('data-testid="media-')[1].split('"')[0]
    assert owner.get(f"{library}/{number}").status_code == 404, "what is new has no address that can be counted up to"
    assert addresses(owner, library) == found, "a name is chosen once"


def test_a_picture_from_before_names_were_random_is_still_shown_by_its_number(
    console_app: Flask, console_platform: PlatformView, owner: Visitor, console_vendor: VendorView
) -> None:
    library = f"/vendor/{console_vendor.slug}/cms/media"
    owner.post(library, {"file": (BytesIO(PNG), "logo.png")})
    with (
        console_app.app_context(),
        scope(platform_id=console_platform.id, vendor_id=console_vendor.id),
        unit_of_work() as uow,
    ):
        uow.session.execute(update(Media).values(earlier_name="7"))
    assert owner.get(f"{library}/7").data == PNG
    assert addresses(owner, library)[0].rpartition("/")[2] in owner.get(f"{library}/7").headers["Content-Disposition"]
    other = make_vendor(console_app, console_platform, "other-shop", "Other Shop")
    stranger = log_in(console_app, "vendor-owner", vendor=other)
    assert stranger.get(f"/vendor/{other.slug}/cms/media/7").status_code == 404


def test_what_is_no_small_picture_is_refused(
    owner: Visitor, console_vendor: VendorView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media_service, "MAX_BYTES", 100)
    library = f"/vendor/{console_vendor.slug}/cms/media"
    for data, reason in (
        (b"", "not empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "no PNG"),
        (b"<html></html>", "no PNG"),
        (PNG + b"\0" * 100, "bigger than 0 KiB"),
    ):
        answer = owner.post(library, {"file": (BytesIO(data), "picture.png")})
        assert answer.status_code == 422
        assert reason in answer.get_data(as_text=True)
    assert "No pictures yet" in owner.get(library).get_data(as_text=True)


def test_another_vendors_picture_is_unknown(
    console_app: Flask, console_platform: PlatformView, owner: Visitor, console_vendor: VendorView
) -> None:
    library = f"/vendor/{console_vendor.slug}/cms/media"
    owner.post(library, {"file": (BytesIO(PNG), "logo.png")})
    number = owner.get(library).get_data(as_text=True).split('data-testid="media-')[1].split('"')[0]
    address = addresses(owner, library)[0]
    file_name = address.rpartition("/")[2]
    other = make_vendor(console_app, console_platform, "other-shop", "Other Shop")
    stranger = log_in(console_app, "vendor-owner", vendor=other)
    assert stranger.get(f"/vendor/{other.slug}/cms/media/{file_name}").status_code == 404
    assert stranger.post(f"/vendor/{other.slug}/cms/media/{number}/delete").status_code == 404
    assert owner.get(address).status_code == 200


def test_an_admin_gives_a_vendor_a_theme_and_its_pages_show_it(
    console_app: Flask, console_platform: PlatformView, owner: Visitor, console_vendor: VendorView
) -> None:
    admin = log_in(console_app, "platform-admin", platform=console_platform)
    themes = f"/admin/{console_platform.slug}/cms/themes"
    chosen = {"accent": "#c02626", "typeface": "serif", "width": "wide"}
    wrong = admin.post(f"{themes}/{console_vendor.id}", {**chosen, "accent": "red;}"})
    assert wrong.status_code == 422
    assert "such as #4f46e5" in wrong.get_data(as_text=True)
    assert admin.post(f"{themes}/{console_vendor.id}", chosen).status_code == 303
    assert "#c02626" in admin.get(themes).get_data(as_text=True)
    assert admin.get(f"{themes}/999999").status_code == 404
    css = owner.get(f"/vendor/{console_vendor.slug}/cms/theme.css")
    assert css.mimetype == "text/css"
    assert "#c02626" in css.get_data(as_text=True)
    assert "Georgia" in css.get_data(as_text=True)
    page = program(console_app, vendor=console_vendor).send("POST", "/api/vendor/cms/pages", {"title": "A"})
    preview = owner.get(f"/vendor/{console_vendor.slug}/cms/pages/{page.get_json()['page']['id']}/preview")
    assert "cms/theme.css" in preview.get_data(as_text=True)


def test_another_platforms_vendor_cannot_be_given_a_theme(
    console_app: Flask, console_platform: PlatformView, console_vendor: VendorView
) -> None:
    viewer = log_in(console_app, "platform-viewer", platform=console_platform)
    themes = f"/admin/{console_platform.slug}/cms/themes"
    assert viewer.get(themes).status_code == 200
    assert viewer.get(f"{themes}/{console_vendor.id}").status_code == 403
    assert viewer.post(f"{themes}/{console_vendor.id}", {"accent": "#000000"}).status_code == 403


def test_a_stylesheet_holds_only_what_the_schema_let_through() -> None:
    css = stylesheet(ThemeIn(accent="#123abc", typeface="mono", width="narrow"))
    assert css.count("{") == css.count("}")
    assert "#123abc" in css
    assert "</" not in css
