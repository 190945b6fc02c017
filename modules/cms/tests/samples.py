"""Small pictures of every kind, and files that are not what they seem."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO

from PIL import Image


def sample(kind: str, *, size: tuple[int, int] = (24, 16), frames: int = 1, **options: object) -> bytes:
    """A picture in Pillow's name of the kind, ``frames`` times with another grey each."""
    file = BytesIO()
    drawn = [Image.new("L", size, number % 250) for number in range(frames)]
    more = {"save_all": True, "append_images": drawn[1:]} if frames > 1 else {}
    drawn[0].save(file, kind, **more, **options)
    return file.getvalue()


def lying_png(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is this large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def chunk(kind: bytes, data: bytes) -> bytes:
    """A part of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def archive() -> bytes:
    """A ZIP file with a page in it."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as found:
        found.writestr("index.html", "<script>1</script>")
    return file.getvalue()


def png_around(data: bytes, kind: bytes = b"prVt") -> bytes:
    """A PNG that carries ``data`` in a part of its own, right before its end."""
    whole = sample("PNG")
    return whole[:-12] + chunk(kind, data) + whole[-12:]
