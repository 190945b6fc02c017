"""Whether it is still the person itself: the password at a login, and again before what is dangerous.

Who is asked again goes on with what it sent: the question carries every field of the form and is answered at the same
address, so that a view knows nothing of it. Neither a script nor a row is needed for that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from flask import Response, g, make_response, render_template, request
from werkzeug.datastructures import ImmutableMultiDict

from console.blueprint import demands_of
from console.context import current, current_user, runtime
from console.domain.waiting import Tried
from console.errors import ConsoleError, ProofNeeded, RuleRefused, TooManyTries
from console.phrases import say
from console.services import factors, logins, throttle
from console.services.throttle import Try
from console.services.views import UserView
from console.storage.uow import read_session, unit_of_work
from console.web import csrf, htmx, passkey_site, session
from console.web.headers import request_id

PREFIX = "proof_"
PASSWORD, CODE, PASSKEY = f"{PREFIX}password", f"{PREFIX}code", f"{PREFIX}{passkey_site.ANSWER}"


class ProofWrong(ProofNeeded):
    """What was given as a proof is none; the person is asked again."""

    status = 422


def right_password(email: str, password: str) -> int | None:
    """Id of the account that the password opens, else None; who was wrong too often waits.

    Raises:
        TooManyTries: Nothing was looked at; it says when the next try may come.
    """
    rt, tried = runtime(), Try(email, request.remote_addr or "")
    with unit_of_work() as uow:
        throttle.admit(uow, rt, tried, rt.clock())
    user_id = logins.verify(read_session(), email, password)
    _settle(tried, right=user_id is not None)
    return user_id


def right_code(user_id: int, email: str, code: str) -> bool:
    """Whether the code of the account's app, or a recovery code, is right; it is used up then.

    Raises:
        TooManyTries: Nothing was looked at; it says when the next try may come.
    """
    rt, tried = runtime(), Try(email, request.remote_addr or "", Tried.CODE)
    with unit_of_work() as uow:
        throttle.admit(uow, rt, tried, rt.clock())
    with unit_of_work() as uow:
        taken = factors.take_code(uow, rt, user_id, code, now=rt.clock())
        _settle(tried, right=taken)
    return taken


def _settle(tried: Try, *, right: bool) -> None:
    rt = runtime()
    with unit_of_work() as uow:
        if right:
            throttle.was_right(uow, rt, tried, rt.clock())
        else:
            logins.record_refused(uow, tried.account, now=rt.clock(), request_id=request_id())


def check(view: Callable[..., object]) -> None:
    """Let the request through when ``view`` is harmless, or the person has proved lately, or just now, who it is.

    A token of the API has no owner at a keyboard; what it may do was decided when it was made.

    Raises:
        ProofNeeded: The person is asked.
        TooManyTries: It was wrong too often.
    """
    scope = current()
    if not demands_of(view).proof or request.method in csrf.SAFE_METHODS or scope.session_id is None:
        return
    given = request.form
    kept = [each for each in given.items(multi=True) if not each[0].startswith(PREFIX)]
    request.__dict__["form"] = ImmutableMultiDict(kept)  # a view has no use for a password
    if _is_fresh():
        return
    if not any(given.get(name) for name in (PASSWORD, CODE, PASSKEY)):
        raise ProofNeeded(
            say("Prove once more that it is you."), hint=say("Do it on a page of the console; it holds for a while.")
        )
    _prove(scope.session_id, given)


def _is_fresh() -> bool:
    proved_at = current().proved_at
    lasts = timedelta(seconds=runtime().settings.proof_s)
    return proved_at is not None and runtime().clock() < proved_at + lasts


def _prove(session_id: int, given: Mapping[str, str]) -> None:
    g.console_asked = True
    _must_be_right(current_user, given)
    with unit_of_work() as uow:
        logins.proved(uow, session_id, now=runtime().clock())
    session.rotate_later(keep_former=True)


def _must_be_right(user: UserView, given: Mapping[str, str]) -> None:
    password, code = given.get(PASSWORD), given.get(CODE)
    if password:
        if right_password(user.email, password) != user.id:
            raise ProofWrong(say("This is not your password."))
    elif code:
        if not right_code(user.id, user.email, code):
            raise ProofWrong(say("This code is not right."))
    elif _owner_of_passkey(given) != user.id:
        raise ProofWrong(say("This passkey does not fit."))


def _owner_of_passkey(given: Mapping[str, str]) -> int | None:
    try:
        with unit_of_work() as uow:
            return passkey_site.answered_by(uow, given, prefix=PREFIX)
    except RuleRefused:
        return None


def asks(error: ConsoleError) -> bool:
    """Whether ``error`` is answered by asking for a proof, or for another one."""
    return isinstance(error, ProofNeeded) or (isinstance(error, TooManyTries) and "console_asked" in g)


def ask(error: ConsoleError) -> Response:
    """The question, with all that was sent; a page, or a dialog when htmx asked."""
    found = factors.of(read_session(), current_user.id)
    sent = [each for each in request.form.items(multi=True) if each[0] != csrf.FIELD]
    context = {
        "fields": sent,
        "action": request.full_path.rstrip("?"),
        "error": None if type(error) is ProofNeeded else error.message,
        "has_app": found.app_since is not None,
        "passkey": passkey_site.ask() if found.passkeys else None,
    }
    if htmx.is_partial():
        dialog: Response = htmx.partial("auth/_proof_dialog.html", status=error.status, retarget="#dialog", **context)
        dialog.headers["HX-Reswap"] = "innerHTML"
        return dialog
    return make_response(render_template("auth/proof.html", **context), error.status)
