"""What the web server itself refuses: heads that are too large, and those that two servers read in two ways."""

from __future__ import annotations

import re
import socket
from urllib.parse import urlsplit

from tests.browser.served import Served

LINE = b"GET /login HTTP/1.1\r\n"
HOST = b"Host: 127.0.0.1\r\n"
BOTH = b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\n\r\n"
REFUSED = {
    "a long line": b"GET /login?" + b"a" * 5_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "a long header": LINE + HOST + b"X-Long: " + b"a" * 9_000 + b"\r\n\r\n",
    "many headers": LINE + HOST + b"".join(b"X-%d: a\r\n" % number for number in range(150)) + b"\r\n",
    "two lengths": b"POST /login HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd",
    "a length and pieces": b"POST /login HTTP/1.1\r\n" + HOST + BOTH,
    "a folded header": LINE + HOST + b"X-Folded: a\r\n b\r\n\r\n",
    "a name with a blank": LINE + HOST + b"X-Name : a\r\n\r\n",
    "a bare return": LINE + HOST + b"X-Return: a\rX-Planted: 1\r\n\r\n",
}


def test_heads_that_are_too_large_or_double_meaning_are_refused(served: Served) -> None:
    answers = {name: said(served, sent) for name, sent in REFUSED.items()}
    statuses = {name: re.findall(rb"^HTTP/1\.1 (\d{3})", answer, re.M) for name, answer in answers.items()}
    assert {name: found for name, found in statuses.items() if len(found) != 1 or not found[0].startswith(b"4")} == {}
    assert said(served, LINE + HOST + b"Connection: close\r\n\r\n").startswith(b"HTTP/1.1 200")


def said(served: Served, sent: bytes) -> bytes:
    """Everything that the server answers until it hangs up."""
    url = urlsplit(served.url)
    with socket.create_connection((url.hostname or "", url.port or 0), timeout=20) as line:
        line.sendall(sent)
        parts = []
        while part := line.recv(65_536):
            parts.append(part)
    return b"".join(parts)
