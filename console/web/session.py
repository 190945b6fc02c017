"""The login cookie: an opaque token, of which the database holds a row with the SHA-256."""

from __future__ import annotations

import secrets

from flask import Request, g, request
from werkzeug.exceptions import SecurityError
from werkzeug.wrappers import Response

from console.context import runtime
from console.services import logins, opaque
from console.storage.uow import unit_of_work

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
    return not (runtime().settings.insecure_http or _is_local(host))


def is_unprotected(asked: Request) -> bool:
    """Whether the page goes over a network without HTTPS, where others can read and change it."""
    return not is_secure(asked) and not _is_local(asked.host)


def _is_local(host: str) -> bool:
    name, _colon, port = host.rpartition(":")
    return (name if port.isdigit() else host) in LOCAL_HOSTS


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
    g.pop("console_rotate", None)
    _set(response, LOGIN, token, max_age_s=int(runtime().settings.session_max_s))
    response.delete_cookie(cookie_name(VISITOR), path="/", secure=is_secure(request), httponly=True, samesite="Lax")


def log_out(response: Response) -> None:
    """Take the session away from the browser."""
    g.pop("console_rotate", None)
    response.delete_cookie(cookie_name(LOGIN), path="/", secure=is_secure(request), httponly=True, samesite="Lax")


def rotate_later(*, keep_former: bool) -> None:
    """Give the session a new token when this answer goes out: what it may do has changed.

    Args:
        keep_former: Let requests that are on their way still use the former one.
    """
    g.console_rotate = g.get("console_rotate", True) and keep_former


def rotate(response: Response) -> None:
    """Give the session its new token, if it is to have one and is still there."""
    keep_former: bool | None = g.pop("console_rotate", None)
    old = None if keep_former is None else login_hash()
    if keep_former is None or old is None:
        return
    with unit_of_work() as uow:
        token = logins.rotate(uow, old, now=runtime().clock(), keep_former=keep_former)
    if token is not None:
        _set(response, LOGIN, token, max_age_s=int(runtime().settings.session_max_s))


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
