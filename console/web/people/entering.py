"""The end of every way in: a session, or the page again with when the next try may come."""

from __future__ import annotations

from flask import make_response, request
from werkzeug.wrappers import Response

from console.context import current, runtime
from console.errors import TooManyTries
from console.services import logins, throttle
from console.storage.uow import unit_of_work
from console.web import session


def begin(response: Response, user_id: int) -> None:
    """Start a session for ``user_id`` and end the one that the browser had: a login never keeps an old token."""
    rt = runtime()
    with unit_of_work() as uow:
        now, old = rt.clock(), current().session_id
        if old is not None:
            logins.end_session(uow, old, actor=current().actor, now=now)
        logins.forget_expired(uow, now)
        throttle.forget_old(uow, now)
        agent, address = request.headers.get("User-Agent", ""), request.remote_addr or ""
        token = logins.start_session(uow, rt, user_id, now=now, address=address, agent=agent)
    session.log_in(response, token)


def too_many(page: str, error: TooManyTries) -> Response:
    """The page with what it says, and when the next try may come."""
    return make_response(page, error.status, {"Retry-After": str(error.retry_after_s)})
