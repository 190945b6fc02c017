"""The names that every template may use, also in macros that are imported without a context."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, current_app, g, request
from flask_babel import get_locale  # type: ignore[import-untyped]
from werkzeug.local import LocalProxy

from console.context import current
from console.toolbox import may
from console.web import csrf, flashes, htmx, links, nav, session
from console.web.i18n import TEXTS, languages

THEMES = frozenset({"light", "dark"})
T = TypeVar("T")


def install(app: Flask) -> None:
    """Register the names; those that depend on the request are looked up when they are used."""
    app.jinja_env.globals.update(
        csrf_token=csrf.csrf_token,
        flashed=flashes.said,
        may=may,
        me=LocalProxy(lambda: current().user),
        platform=LocalProxy(lambda: current().platform),
        vendor=LocalProxy(lambda: current().vendor),
        nav=LocalProxy(nav.nav),
        platforms=LocalProxy(lambda: _once("console_platforms", nav.platforms)),
        instance_url=LocalProxy(nav.instance_url),
        search_url=LocalProxy(nav.search_url),
        is_htmx=LocalProxy(htmx.is_partial),
        page_path=links.page_path,
        locale=LocalProxy(lambda: str(get_locale() or "en").replace("_", "-")),
        theme=LocalProxy(_theme),
        unprotected=LocalProxy(lambda: session.is_unprotected(request)),
        languages_known=_languages,
    )


def _once(name: str, ask: Callable[[], T]) -> T:
    """What ``ask`` said first in this request."""
    if name not in g:
        setattr(g, name, ask())
    found: T = getattr(g, name)
    return found


def _languages() -> list[tuple[str, str]]:
    """Code and own name of the languages to choose from."""
    return languages(current_app.extensions[TEXTS].languages)


def _theme() -> str:
    """The person's theme, from the cookie that the page's switch writes; empty means the system's."""
    chosen = request.cookies.get("theme", "")
    return chosen if chosen in THEMES else ""
