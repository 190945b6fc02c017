"""What every answer carries: a request id, and the headers that keep browsers from doing what was not meant."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, cast

from flask import Flask, Response, g, request

from console.web import session

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

REQUEST_ID = "console.request_id"
_GIVEN_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_FEATURES = ("accelerometer", "camera", "geolocation", "gyroscope", "magnetometer", "microphone", "payment", "usb")
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _FEATURES),
}
FILE_POLICY = "default-src 'none'; frame-ancestors 'none'"
_FIXED = (*FIXED.items(), ("Content-Security-Policy", FILE_POLICY))
VARY = ("HX-Request", "HX-Request-Type", "Cookie", "Accept", "Accept-Language")
_ALL = ", ".join(VARY)


def policy(nonce: str) -> str:
    """The content security policy of a page: nothing but what stands here, and scripts only by ``nonce``."""
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types htmx-answers"
    )


def csp_nonce() -> str:
    """The nonce of this answer, for its script tags."""
    if "console_nonce" not in g:
        g.console_nonce = secrets.token_urlsafe(16)
    return cast("str", g.console_nonce)


def request_id() -> str:
    """The id that ties this request's answer, log lines, journal and audit together."""
    return str(request.environ.get(REQUEST_ID, ""))


def dress(response: Response) -> Response:
    """The answer of a view or an error, with the headers that depend on the request."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", policy(csp_nonce()))
    headers.setdefault("Cache-Control", "no-store")
    headers["Vary"] = _with_ours(headers.get("Vary", ""))
    session.keep_visitor(response)
    return response


def _with_ours(vary: str) -> str:
    """What the answer varies by, ours appended to what a view has set."""
    if not vary:
        return _ALL
    given = [name.strip() for name in vary.split(",")]
    known = {name.lower() for name in given}
    return ", ".join([*given, *(name for name in VARY if name.lower() not in known)])


class Envelope:
    """The outermost WSGI layer: gives each request an id and each answer the fixed headers, files and errors too.

    Args:
        inner: The application.
        trust_given: Whether an id that the request brings is taken over; only behind a proxy of ours.
    """

    def __init__(self, inner: WSGIApplication, *, trust_given: bool) -> None:
        self._inner = inner
        self._trust_given = trust_given

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The inner answer in its envelope."""
        return self._answer(environ, start_response)

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        given = environ.get("HTTP_X_REQUEST_ID", "") if self._trust_given else ""
        own = given if _GIVEN_ID.fullmatch(given) else secrets.token_hex(12)
        environ[REQUEST_ID] = own

        def start(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable[[bytes], object]:
            present = {name.lower() for name, _value in headers}
            full = [*headers, ("X-Request-Id", own), *(each for each in _FIXED if each[0].lower() not in present)]
            return start_response(status, full, exc_info)  # type: ignore[arg-type]  # passed through

        return self._inner(environ, start)


def install(app: Flask) -> None:
    """Let every answer of ``app`` carry these headers."""
    app.after_request(dress)
    app.jinja_env.globals["csp_nonce"] = csp_nonce
