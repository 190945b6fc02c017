"""The login cookie: an opaque token, of which the database holds a row with the SHA-256."""

from __future__ import annotations

import secrets

from flask import Request, g, request
from werkzeug.exceptions import SecurityError
from werkzeug.wrappers import Response

from console.context import runtime
from console.services import opaque

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
LOGIN = "console"
VISITOR = "console-visitor"
BEARER = "bearer "


def is_secure(asked: Request) -> bool:
    """Whether cookies of this request are for HTTPS only: always, but on this machine or where the settings say so."""
    if asked.is_secure:
        return True
    try:
        host = asked.host
    except SecurityError:  # an untrusted host is refused later, with an answer of its own
        return True
    name, _colon, port = host.rpartition(":")
    return not (runtime().settings.insecure_http or (name if port.isdigit() else host) in LOCAL_HOSTS)


def cookie_name(name: str) -> str:
    """The cookie's name; the prefix binds it to this host, this path and HTTPS."""
    return f"__Host-{name}" if is_secure(request) else name


def login_hash() -> bytes | None:
    """The hash of the session token that the cookie holds."""
    token = request.cookies.get(cookie_name(LOGIN))
    return opaque.digest(token) if token else None


def bearer_hash() -> bytes | None:
    """The hash of the API token in ``Authorization``."""
    header = request.headers.get("Authorization", "")
    token = header[len(BEARER) :].strip() if header[: len(BEARER)].lower() == BEARER else ""
    return opaque.digest(token) if token else None


def log_in(response: Response, token: str) -> None:
    """Give the browser a new session."""
    _set(response, LOGIN, token, max_age_s=int(runtime().settings.session_max_s))
    response.delete_cookie(cookie_name(VISITOR), path="/", secure=is_secure(request), httponly=True, samesite="Lax")


def log_out(response: Response) -> None:
    """Take the session away from the browser."""
    response.delete_cookie(cookie_name(LOGIN), path="/", secure=is_secure(request), httponly=True, samesite="Lax")


def visitor_token() -> str:
    """The token that ties an anonymous form to the browser that asked for it; there is no row for visitors."""
    known = request.cookies.get(cookie_name(VISITOR)) or g.get("console_visitor")
    if known is None:
        known = g.console_visitor = secrets.token_urlsafe(32)
    return str(known)


def keep_visitor(response: Response) -> None:
    """Send the visitor's token along when a form of this answer holds a new one."""
    fresh = g.get("console_visitor")
    if fresh is not None:
        _set(response, VISITOR, fresh, max_age_s=None)


def _set(response: Response, name: str, value: str, *, max_age_s: int | None) -> None:
    secure = is_secure(request)
    response.set_cookie(
        cookie_name(name), value, max_age=max_age_s, path="/", secure=secure, httponly=True, samesite="Lax"
    )
