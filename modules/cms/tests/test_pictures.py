"""A picture decodes to its last pixel and is nothing else besides; what is not is refused beside the field."""

from __future__ import annotations

import zlib
from io import BytesIO

import pytest
from flask import Flask

from console.sdk import VendorView
from console.testing import log_in
from modules.cms.exceptions import MediaRefused
from modules.cms.services.pictures import MOST_PIXELS, kind_of
from modules.cms.tests.samples import archive, lying_png, png_around, sample

KINDS = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
MORE = "holds more than a picture"


def test_every_kind_is_told_by_what_is_decoded(console_app: Flask) -> None:
    with console_app.test_request_context():
        assert {kind: kind_of(sample(kind)) for kind in KINDS} == KINDS
        assert kind_of(sample("GIF", frames=3)) == "image/gif"
        assert kind_of(sample("WEBP", frames=3)) == "image/webp"
        for options in ({"progressive": True}, {"quality": 95}, {"restart_marker_blocks": 1}):
            written = sample("JPEG", size=(300, 200), comment=b"\xff\xd9 is no end here", **options)
            assert kind_of(written) == "image/jpeg", options


def refusals() -> dict[str, tuple[bytes, str]]:
    whole = {kind: sample(kind, size=(64, 64)) for kind in KINDS}
    tails = (b"\0", b"<script>1</script>", archive(), whole["PNG"])
    return {
        **{f"{kind}-cut": (data[: len(data) * 2 // 3], "no PNG") for kind, data in whole.items()},
        **{
            f"{kind}-and-more-{number}": (data + tail, MORE)
            for kind, data in whole.items()
            for number, tail in enumerate(tails)
        },
        "gif-without-its-end": (whole["GIF"][:-1] + b",", "no PNG"),
        "only-a-start": (b"\x89PNG\r\n\x1a\n" + bytes(40), "no PNG"),
        "script-that-begins-like-a-gif": (b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)", "no PNG"),
        "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "no PNG"),
        "page": (b"<!doctype html><script>1</script>", "no PNG"),
        "bitmap": (sample("BMP"), "no PNG"),
        "zip": (archive(), "no PNG"),
        "zip-in-a-part": (png_around(archive()), MORE),
        "pdf-in-a-comment": (sample("JPEG", comment=b"%PDF-1.7 1 0 obj"), MORE),
        "page-in-a-comment": (sample("GIF", comment=b"<ScRiPt>1</script>"), MORE),
        "bomb-by-its-word": (lying_png(60_000, 60_000), "million pixels"),
        "bomb": (sample("PNG", size=(5_000, MOST_PIXELS // 5_000 + 1)), "million pixels"),
        "bomb-of-frames": (sample("GIF", size=(1_000, 1_000), frames=33), "million pixels"),
        "bomb-of-text": (png_around(b"a\0\0" + zlib.compress(bytes(2 << 20)), b"zTXt"), "no PNG"),
    }


def test_what_is_no_picture_or_more_than_one_is_refused(console_app: Flask) -> None:
    with console_app.test_request_context():
        for name, (data, reason) in refusals().items():
            with pytest.raises(MediaRefused) as refused:
                kind_of(data)
            assert reason in refused.value.message, name


def test_a_refusal_stands_beside_the_field_and_nothing_is_kept(console_app: Flask, console_vendor: VendorView) -> None:
    owner = log_in(console_app, "vendor-owner", vendor=console_vendor)
    library = f"/vendor/{console_vendor.slug}/cms/media"
    answer = owner.post(library, {"file": (BytesIO(sample("PNG") + archive()), "picture.png")})
    assert answer.status_code == 422
    field = answer.text.split('id="f-file"')[1].split("</div>")[0]
    assert 'aria-invalid="true"' in field
    assert MORE in field
    assert "No pictures yet" in owner.get(library).text
