"""Static files that travel packed: text once compressed in memory, for browsers that take it.

WhiteNoise sends what stands packed beside a file, but a checkout and modules' folders hold no such files, and the
application writes none.
"""

from __future__ import annotations

import gzip
from functools import cached_property
from io import BytesIO
from pathlib import Path

from whitenoise.responders import Response, StaticFile

TEXT = frozenset({".css", ".js", ".svg", ".json", ".txt", ".html", ".xml"})
WORTH_BYTES = 512
_REPLACED = frozenset({"content-length", "content-encoding", "vary"})


def is_worth_packing(path: Path) -> bool:
    """Whether the file is text of some length; fonts and pictures are compressed already."""
    return path.suffix in TEXT and path.stat().st_size >= WORTH_BYTES


class PackedFile:
    """A static file in front of which the same one stands packed."""

    def __init__(self, plain: StaticFile, path: Path) -> None:
        self._plain = plain
        self._path = path

    @cached_property
    def packed(self) -> bytes:
        """The file's content, compressed at its first use; the same bytes in every process."""
        return gzip.compress(self._path.read_bytes(), 9, mtime=0)

    def get_response(self, method: str, request_headers: dict[str, str]) -> Response:
        """The answer of WhiteNoise, its body packed when the browser takes that and asks for all of it."""
        answer: Response = self._plain.get_response(method, request_headers)
        takes = "gzip" in request_headers.get("HTTP_ACCEPT_ENCODING", "")
        if answer.status != 200 or not takes:
            return Response(answer.status, [*answer.headers, ("Vary", "Accept-Encoding")], answer.file)
        if answer.file is not None:
            answer.file.close()
        kept = [(name, value) for name, value in answer.headers if name.lower() not in _REPLACED]
        about = [("Content-Encoding", "gzip"), ("Content-Length", str(len(self.packed))), ("Vary", "Accept-Encoding")]
        return Response(answer.status, [*kept, *about], None if method == "HEAD" else BytesIO(self.packed))
