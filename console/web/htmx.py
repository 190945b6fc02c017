"""Everything about htmx on the server; the only file that knows the extension.

htmx-flask 0.1.0 puts ``request.htmx`` on each request and sets the answer's headers. It reads none of the headers that
htmx 4 added and refuses modifiers of swaps, so what the console asks is decided here.
"""

from __future__ import annotations

from flask import Flask, Response, render_template
from htmx_flask import Htmx
from htmx_flask import make_response as with_headers
from htmx_flask import request as htmx_request

from console.toolbox import is_partial, see_other

__all__ = ["Htmx", "is_htmx", "is_partial", "partial", "redirect", "sent_elsewhere", "toast"]

redirect = see_other
"""The answer after a form was accepted: 303, or ``HX-Redirect`` when htmx asked."""


def install(app: Flask) -> None:
    """Give each request of ``app`` the extension's view of its headers."""
    Htmx(app)


def is_htmx() -> bool:
    """Whether htmx sent the request, for a part or for a whole page."""
    return bool(htmx_request.htmx)


def partial(template: str, *, status: int = 200, retarget: str | None = None, **context: object) -> Response:
    """A part of a page, for the element that asked or for ``retarget``."""
    answer: Response = with_headers(render_template(template, **context), status, retarget=retarget)
    return answer


def sent_elsewhere(url: str, *, status: int) -> Response:
    """An answer with which htmx leaves the page for ``url``."""
    answer: Response = with_headers("", status, redirect=url)
    return answer


def toast(text: str, *, status: int = 200, look: str = "success") -> Response:
    """An answer that changes nothing on the page but says ``text``."""
    return partial("errors/_toast.html", status=status, text=text, look=look)
