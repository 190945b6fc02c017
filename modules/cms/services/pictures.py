"""What a file really is: a picture is one that decodes to its last pixel and holds nothing behind it."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO

from PIL import Image

from console.sdk import gettext
from modules.cms.exceptions import MediaRefused

MOST_PIXELS = 16_000_000
MOST_PIXELS_OF_ALL_FRAMES = 32_000_000
KINDS = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
# What other readers take for a file of their own kind, where they look for it.
_OTHER_KINDS = re.compile(rb"%PDF-|<!doctype|<html|<head|<body|<script|<svg|<\?php|#!/", re.IGNORECASE)
_READ_BY_OTHERS = 1024
# Pillow's ways to say that a file is broken, cut off or too large; a damaged one brings out any of them.
_BROKEN = (
    *(OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, ArithmeticError, MemoryError),
    *(struct.error, AttributeError, NotImplementedError),
)
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def kind_of(data: bytes) -> str:
    """The content type, whatever the name of the file says.

    Raises:
        MediaRefused: It is no picture, a broken one, one with too many pixels, or more than a picture.
    """
    try:
        with Image.open(BytesIO(data), formats=tuple(KINDS)) as image:
            kind = KINDS.get("JPEG" if image.format == "MPO" else image.format or "")
            if kind is None:
                raise MediaRefused(gettext("cms.errors.media_kind"))
            _decode(image)
        holds_more = _END[kind](data) != len(data) or _is_something_else(data)
    except _BOMBS as error:
        raise _too_large() from error
    except _BROKEN as error:
        raise MediaRefused(gettext("cms.errors.media_kind")) from error
    if holds_more:
        raise MediaRefused(gettext("cms.errors.media_more"))
    return kind


def _decode(image: Image.Image) -> None:
    """Draw every pixel of every frame; what lies about its size is found out before there is memory for it."""
    pixels, frames = image.width * image.height, int(getattr(image, "n_frames", 1))
    if pixels > MOST_PIXELS or pixels * frames > MOST_PIXELS_OF_ALL_FRAMES:
        raise _too_large()
    for number in range(frames):
        image.seek(number)
        image.load()


def _too_large() -> MediaRefused:
    return MediaRefused(gettext("cms.errors.media_pixels", limit=MOST_PIXELS // 1_000_000))


def _is_something_else(data: bytes) -> bool:
    return bool(_OTHER_KINDS.search(data[:_READ_BY_OTHERS])) or zipfile.is_zipfile(BytesIO(data))


# --- where a picture ends --------------------------------------------------------------------------------------------


def _end_of_png(data: bytes) -> int:
    at = 8
    while at + 12 <= len(data):
        kind = data[at + 4 : at + 8]
        at += 12 + int.from_bytes(data[at : at + 4], "big")
        if kind == b"IEND":
            return at
    return 0


def _end_of_jpeg(data: bytes) -> int:
    at = 2
    while (at := data.find(b"\xff", at)) >= 0 and at + 1 < len(data):  # nothing says how long a scan is
        marker = data[at + 1]
        if marker == 0xD9:
            return at + 2
        if marker == 0xFF:
            at += 1
        elif marker == 0x00 or 0xD0 <= marker <= 0xD7:
            at += 2
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return 0


def _end_of_gif(data: bytes) -> int:
    at = 13 + _colours(data[10])
    while at < len(data):
        block = data[at]
        if block == 0x3B:
            return at + 1
        if block == 0x2C:  # a frame: its own colours, then the size of its codes
            at += 10 + _colours(data[at + 9]) + 1
        else:  # an extension
            at += 2
        while at < len(data) and data[at]:
            at += 1 + data[at]
        at += 1
    return 0


def _colours(flags: int) -> int:
    """Bytes of a table of colours, if ``flags`` say that there is one."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _end_of_webp(data: bytes) -> int:
    size = int.from_bytes(data[4:8], "little")
    return 8 + size + size % 2


_END: Mapping[str, Callable[[bytes], int]] = {
    "image/png": _end_of_png,
    "image/jpeg": _end_of_jpeg,
    "image/gif": _end_of_gif,
    "image/webp": _end_of_webp,
}
