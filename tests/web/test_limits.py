"""What is larger, longer or packed tighter than a form can be is refused in the one shape, and changes nothing."""

from __future__ import annotations

import gzip
import zlib

import pytest
from sqlalchemy import select
from werkzeug.test import encode_multipart

from console.domain.words import Role
from console.storage.tables import User
from console.storage.uow import end_read, read_session
from console.testing.people import Visitor
from console.web.limits import LARGEST_FIELDS_BYTES, MOST_PARTS
from tests.support.shop import PICTURE, Shop
from tests.web.routes import HTML, JSON

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
PROFILE = "/account/profile"
PARTS = "multipart/form-data"
FORM = "application/x-www-form-urlencoded"


def name_of(shop: Shop, person: Visitor) -> str:
    with shop.app.app_context():
        end_read()
        return read_session().scalars(select(User.name).where(User.id == person.user_id)).one()


@on_sqlite
def test_a_form_of_more_fields_or_letters_than_any_has_changes_nothing(shop: Shop) -> None:
    admin = shop.person(Role.PLATFORM_ADMIN)
    before = name_of(shop, admin)
    known = {"csrf_token": admin.csrf, "name": "Eve"}
    many = {f"f{number}": "" for number in range(MOST_PARTS)}
    long = {"more": "x" * (LARGEST_FIELDS_BYTES + 1)}
    repeated = "&".join([f"csrf_token={admin.csrf}&name=Eve", *["f"] * MOST_PARTS])
    for kind, data in (
        (FORM, {**known, **many}),
        (FORM, repeated),
        (FORM, {**known, **long}),
        (f"{PARTS}; boundary=cut", encode_multipart({**known, **many}, boundary="cut")[1]),
        (f"{PARTS}; boundary=cut", encode_multipart({**known, **long}, boundary="cut")[1]),
    ):
        for shape in (HTML, JSON):
            answer = admin.client.post(PROFILE, data=data, content_type=kind, headers=shape)
            assert answer.status_code == 413, (kind, len(data), answer.text)
            assert "What was sent is too large." in answer.text
    assert name_of(shop, admin) == before
    assert admin.client.post(PROFILE, data=known, content_type=FORM).status_code == 303, "what is no more is taken"
    assert name_of(shop, admin) == "Eve"


@on_sqlite
@pytest.mark.parametrize("packing", ["gzip", "deflate", "br", "zstd", "gzip, gzip", " GZIP "])
def test_a_packed_body_is_refused_before_anybody_unpacks_it(shop: Shop, packing: str) -> None:
    admin, program = shop.person(Role.PLATFORM_ADMIN), shop.token(shop.acme)
    bomb = gzip.compress(zlib.compress(bytes(1 << 24)))
    packed = {**JSON, "Content-Encoding": packing}
    sent = {**packed, "X-CSRF-Token": admin.csrf}
    answers = [
        admin.client.post(PROFILE, data=bomb, content_type=FORM, headers=sent),
        program.client.post(
            "/api/admin/vendors", data=bomb, content_type="application/json", headers={**program.headers, **packed}
        ),
    ]
    for answer in answers:
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (415, "media_type")


@on_sqlite
def test_a_body_that_says_it_is_as_it_is_is_read(shop: Shop) -> None:
    admin = shop.person(Role.PLATFORM_ADMIN)
    plain = {"Content-Encoding": "identity"}
    data = {"csrf_token": admin.csrf, "name": "Ada"}
    assert admin.client.post(PROFILE, data=data, headers=plain).status_code == 303


@on_sqlite
def test_a_file_part_cannot_hide_what_it_is_behind_its_head(shop: Shop) -> None:
    """Names of files that climb, break lines or are endless: the picture is kept, its name is not used."""
    owner = shop.person(Role.VENDOR_OWNER)
    for name in ("../../../etc/passwd", "a\\..\\b.png", "a%0d%0aX-Planted: 1.png", "n" * 5_000, "a\x00.php.png", ""):
        head = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/html'
        token = f'--cut\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{owner.csrf}\r\n'
        body = f"{token}--cut\r\n{head}\r\n\r\n".encode() + PICTURE + b"\r\n--cut--\r\n"
        kind = "multipart/form-data; boundary=cut"
        answer = owner.client.post("/vendor/blue/cms/media", data=body, content_type=kind)
        assert answer.status_code in (303, 400, 413, 422), (name, answer.text)
    listed = owner.get("/vendor/blue/cms/media").text
    assert "etc/passwd" not in listed
    assert "../" not in listed
    served = owner.get(f"/vendor/blue/cms/media/{shop.media_name()}")
    assert served.mimetype == "image/png"
    assert "X-Planted" not in served.headers
