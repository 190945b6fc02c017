"""What follows when somebody changes what the own logins take."""

from __future__ import annotations

from flask import make_response, render_template
from werkzeug.wrappers import Response

from console.context import current, current_user, runtime
from console.errors import RuleRefused
from console.phrases import say
from console.services import logins
from console.storage.uow import UnitOfWork
from console.web import second_factor, session


def done(uow: UnitOfWork) -> None:
    """Other sessions end, and this one gets a new token: both are from before the change."""
    logins.end_sessions(uow, current_user.id, keep=current().session_id or 0)
    session.rotate_later(keep_former=False)


def show_codes(codes: tuple[str, ...]) -> Response:
    """The recovery codes, this once."""
    return make_response(render_template("auth/recovery_codes.html", codes=codes))


def must_have_one() -> bool:
    """Whether the console's policy wants a second factor from this person."""
    held = current().grants
    return held is not None and second_factor.must_have(runtime(), held)


def must_keep_one(others: int) -> None:
    """Let a factor go, but not the last one where the policy wants one.

    Args:
        others: How many factors stay.

    Raises:
        RuleRefused: ``second_factor_required``.
    """
    if must_have_one() and not others:
        raise RuleRefused(
            say("This console asks you for a second factor; this is your only one."),
            code="second_factor_required",
            hint=say("Add another one first."),
        )
