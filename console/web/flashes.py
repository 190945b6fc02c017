"""What ``flask.flash`` says until the next page shows it: a short-lived sealed cookie, and nothing else.

Flask's own signed session would be a second login state beside the rows; this one can hold sentences only.
"""

from __future__ import annotations

import json
from typing import cast

from flask import Flask, Request, Response, get_flashed_messages, request
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.datastructures import CallbackDict

from console.context import runtime
from console.errors import ConsoleError
from console.web.session import cookie_name, is_secure
from console.web.told import told

NAME = "console-said"
CONTEXT = "flashed"
KEY = "_flashes"
LIVES_S = 120


class Sentences(CallbackDict[str, object], SessionMixin):
    """The part of Flask's session that flashing needs; it notices when the cookie has to change."""

    def __init__(self, said: list[tuple[str, str]]) -> None:
        super().__init__({KEY: said} if said else {}, lambda changed: setattr(changed, "modified", True))
        self.modified = False


class SentenceCookie(SessionInterface):
    """Keeps flashed sentences in a cookie that only this console can read."""

    def open_session(self, app: Flask, asked: Request) -> Sentences:
        """What an earlier answer left to be said; nothing when the cookie is not one of ours."""
        sealed = asked.cookies.get(cookie_name(NAME), "") if NAME in asked.headers.get("Cookie", "") else ""
        if not sealed:
            return Sentences([])
        try:
            found = json.loads(runtime().secrets.open(sealed, context=CONTEXT))
        except (ConsoleError, ValueError):
            return Sentences([])
        return Sentences([(str(kind), str(text)) for kind, text in found])

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send along what is still to be said, or take the cookie back once it was."""
        if not session.modified:
            return
        said = [[kind, str(told(text))] for kind, text in session.get(KEY, [])]
        name, secure = cookie_name(NAME), is_secure(request)
        if said:
            sealed = runtime().secrets.seal(json.dumps(said), context=CONTEXT)
            response.set_cookie(name, sealed, max_age=LIVES_S, httponly=True, samesite="Lax", secure=secure)
        else:
            response.delete_cookie(name, httponly=True, samesite="Lax", secure=secure)


def said() -> list[tuple[str, str]]:
    """Kind and text of the sentences to show on this page, which are then gone."""
    found = cast("list[tuple[str, str]]", get_flashed_messages(with_categories=True))
    return [(str(kind), str(text)) for kind, text in found]
