"""Login, logout and the start page."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from console.blueprint import public, requires_permission
from console.context import current, runtime
from console.services import logins
from console.services import setup as setup_service
from console.storage.uow import read_session, unit_of_work
from console.web import nav, session
from console.web.application import own_unit_of_work
from console.web.babel import gettext as _
from console.web.links import own_path
from console.web.people._blueprint import blueprint
from console.web.people.forms import LoginForm
from console.web.permit import LOGGED_IN

Answer = str | Response | tuple[str, int]


@blueprint.get("/")
@public
def start() -> Answer:
    """On to where the person works; visitors to the login."""
    return redirect(url_for("people.login") if current().user is None else nav.start_url(), 303)


@blueprint.get("/login")
@public
def login() -> Answer:
    """The login form; whoever is logged in goes on at once."""
    wanted = own_path(request.args.get("next"))
    if current().user is not None:
        return redirect(wanted, 303)
    return _show(LoginForm(data={"next": wanted}))


@blueprint.post("/login")
@public
@own_unit_of_work
def login_accept() -> Answer:
    """A new session, or the form again; which of address and password was wrong is not said."""
    form = LoginForm(request.form)
    if not form.validate():
        return _show(form, error=_("E-mail address and password are needed.")), 422
    user_id = logins.verify(read_session(), form.email.data or "", form.password.data or "")
    if user_id is None:
        return _show(form, error=_("E-mail address or password is not right.")), 422
    response = redirect(own_path(form.next.data), 303)
    begin(response, user_id)
    return response


@blueprint.post("/logout")
@requires_permission(LOGGED_IN)
@own_unit_of_work
def logout() -> Answer:
    """End the session; its cookie is worth nothing from now on."""
    session_id = current().session_id
    if session_id is not None:
        with unit_of_work() as uow:
            logins.end_session(uow, session_id)
    response = redirect(url_for("people.login"), 303)
    session.log_out(response)
    return response


def begin(response: Response, user_id: int) -> None:
    """Start a session for ``user_id`` and end the one that the browser had: a login never keeps an old token."""
    rt = runtime()
    with unit_of_work() as uow:
        old = current().session_id
        if old is not None:
            logins.end_session(uow, old)
        agent, address = request.headers.get("User-Agent", ""), request.remote_addr or ""
        token = logins.start_session(uow, rt, user_id, now=rt.clock(), address=address, agent=agent)
    session.log_in(response, token)


def _show(form: LoginForm, *, error: str = "") -> str:
    return render_template(
        "auth/login.html",
        form=form,
        next=own_path(form.next.data),
        email=form.email.data or "",
        error=error,
        setup_waits=setup_service.is_open(read_session()),
    )
