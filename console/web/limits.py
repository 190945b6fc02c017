"""What a body may be, beyond its size: not packed, and not of more fields than any form has."""

from __future__ import annotations

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from console.phrases import say

LARGEST_BODY_BYTES = 16 * 1024 * 1024
LARGEST_FIELDS_BYTES = 3_000_000
"""Of the texts of a form; the longest page that may be written takes 1,800,000 when a browser spells every letter."""
MOST_PARTS = 1_000


def check() -> None:
    """Let the request through when its body is one that the console reads.

    Raises:
        UnsupportedMediaType: The body is packed. A few bytes would become gigabytes, so nothing is ever unpacked.
        RequestEntityTooLarge: The form is longer than ``LARGEST_FIELDS_BYTES`` or has more fields than ``MOST_PARTS``.
    """
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise UnsupportedMediaType(say("What was sent is packed. Send it as it is, without Content-Encoding."))
    if request.mimetype == "application/x-www-form-urlencoded" and _is_too_much():
        raise RequestEntityTooLarge


def _is_too_much() -> bool:
    """Whether no form of ours is like that; werkzeug's limits are for ``multipart/form-data`` alone."""
    if (request.content_length or 0) > LARGEST_FIELDS_BYTES:
        return True
    return sum(len(values) for values in request.form.listvalues()) > MOST_PARTS
