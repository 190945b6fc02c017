"""Refuses requests that another site made a browser send: a token in the form, and what the browser says itself.

Every method but GET, HEAD and OPTIONS is checked, also those that nobody knows yet. A bearer token is never sent by a
browser on its own, so requests that carry one are not.
"""

from __future__ import annotations

import hmac

from flask import g, request

from console.context import runtime
from console.errors import UsageError
from console.phrases import say
from console.web import session
from console.web.links import parts_of

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FIELD, HEADER = "csrf_token", "X-CSRF-Token"


class CsrfRefused(UsageError):
    """The request does not prove that it comes from a page of this console."""

    code = "csrf_refused"


def csrf_token() -> str:
    """The token for the forms of this answer: the session's, or the visitor's on the pages before a login.

    An error page has no form, so it makes no cookie for a visitor.
    """
    token = g.get("console_csrf")
    if token is not None:
        return str(token)
    return session.visitor_token() if (request.endpoint or "").startswith("people.") else ""


def check() -> None:
    """Let the request through when it cannot have been forged.

    Raises:
        CsrfRefused: It comes from elsewhere, or without the right token.
    """
    if request.method in SAFE_METHODS or g.get("console_bearer"):
        return
    if _from_elsewhere():
        raise CsrfRefused(say("The request comes from another site."), hint=say("Use the console's own pages."))
    wanted = g.get("console_csrf") or request.cookies.get(session.cookie_name(session.VISITOR))
    given = request.headers.get(HEADER) or request.form.get(FIELD, "")
    if not wanted or not hmac.compare_digest(wanted.encode(), given.encode()):
        raise CsrfRefused(
            say("This page is from another login, or too old."),
            hint=say("Reload the page and send the form again."),
        )


def _from_elsewhere() -> bool:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("Origin")
    if origin is None:
        return False
    own = {f"{request.scheme}://{request.host}", runtime().settings.base_url.rstrip("/")} - {""}
    if origin in own:
        return False
    # Behind a proxy that ends TLS the scheme differs; the host is what the browser would have to forge.
    return parts_of(origin).netloc != request.host
