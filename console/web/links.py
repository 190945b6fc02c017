"""Addresses that come from outside: made harmless, and brought to where something is."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import SplitResult, urlsplit

from flask import request
from flask.globals import request_ctx
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, MapAdapter, RequestRedirect, Rule, ValidationError

from console.web import htmx

LARGEST_ID = 2**63 - 1


class RowId(IntegerConverter):
    """``<int:…>`` in a rule: a number that a table can hold; a longer one is an address that does not exist."""

    def to_python(self, value: str) -> int:
        """The number."""
        if len(value) > len(str(LARGEST_ID)):
            raise ValidationError
        number = int(super().to_python(value))
        if number > LARGEST_ID:
            raise ValidationError
        return number


class LateRule(Rule):
    """A rule that learns to build its address when somebody asks for the first.

    Werkzeug compiles two functions for every rule as it is registered: six sevenths of what a start of the console
    costs. A command line builds no address, and a request only those on its page.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled: Callable[..., tuple[str, str]] | None = None
        compile_now = super()._compile_builder

        def build(rule: Rule, **values: object) -> tuple[str, str]:
            nonlocal compiled
            compiled = compiled or compile_now(append_unknown)
            return compiled(rule, **values)

        return build


def page_above(adapter: MapAdapter, path: str) -> str | None:
    """The nearest page above ``path``: where somebody belongs who loads the address of a form again."""
    while path.rstrip("/"):
        path = path.rstrip("/").rpartition("/")[0]
        for candidate in filter(None, (path, f"{path}/")):
            try:
                adapter.match(candidate, method="GET")
            except (HTTPException, RequestRedirect):
                continue
            return own_path(candidate)
    return None


def own_path(text: str | None) -> str:
    """``text`` when it is a path of this console, else the start page; never the way to another site."""
    if not text or not text.startswith("/") or text.startswith(("//", "/\\")) or len(text) > 2000:
        return "/"
    if any(ord(char) < 33 or char == "\\" for char in text):
        return "/"
    parts = urlsplit(text)
    return text if not parts.scheme and not parts.netloc else "/"


def parts_of(url: str | None) -> SplitResult:
    """The parts of an address that a browser sent in a header; none at all when it is not one."""
    try:
        return urlsplit(url or "")
    except ValueError:
        return urlsplit("")


def asked_from() -> str | None:
    """The endpoint of the page that somebody came from; None when it is not one of this console's."""
    path = parts_of(request.headers.get("HX-Current-URL") or request.referrer).path
    adapter = request_ctx.url_adapter
    try:
        return str(adapter.match(path, method="GET")[0]) if adapter is not None and path else None
    except (HTTPException, RequestRedirect):
        return None


def page_path() -> str:
    """Path and query of the page that somebody looks at: the one that htmx asks from, else that of this request."""
    if not htmx.is_partial():
        return own_path(request.full_path.removesuffix("?"))
    parts = parts_of(request.headers.get("HX-Current-URL"))
    return own_path(parts._replace(scheme="", netloc="", fragment="").geturl())
