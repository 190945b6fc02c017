"""Login, logout and the start page."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from console.blueprint import public, requires_permission
from console.context import current, runtime
from console.errors import TooManyTries
from console.services import factors, logins
from console.services import setup as setup_service
from console.storage.uow import read_session, unit_of_work
from console.web import nav, passkey_site, proofs, session
from console.web.application import own_unit_of_work
from console.web.babel import gettext as _
from console.web.links import own_path
from console.web.people import entering, second_step
from console.web.people._blueprint import blueprint
from console.web.people.forms import LoginForm
from console.web.permit import LOGGED_IN
from console.web.told import told

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
    """A new session, the question for a second factor, or the form again; what was wrong is not said."""
    form = LoginForm(request.form)
    if not form.validate():
        return _show(form, error=_("E-mail address and password are needed.")), 422
    try:
        user_id = proofs.right_password(form.email.data or "", form.password.data or "")
    except TooManyTries as error:
        return entering.too_many(_show(form, error=told(error.message)), error)
    if user_id is None:
        return _show(form, error=_("E-mail address or password is not right.")), 422
    if factors.of(read_session(), user_id).any:
        return second_step.show(second_step.begin(user_id, own_path(form.next.data)))
    response = redirect(own_path(form.next.data), 303)
    entering.begin(response, user_id)
    return response


@blueprint.post("/login/code")
@public
@own_unit_of_work
def login_code() -> Answer:
    """A new session when the code is right; the password was right a step before."""
    step = second_step.read(request.form.get("step", ""))
    if step is None:
        flash(_("That took too long. Log in again."), "error")
        return redirect(url_for("people.login"), 303)
    try:
        right = proofs.right_code(step.user_id, step.email, request.form.get("code", ""))
    except TooManyTries as error:
        return entering.too_many(second_step.show(step, error=told(error.message)), error)
    if not right:
        return second_step.show(step, error=_("This code is not right.")), 422
    response = redirect(own_path(step.next), 303)
    entering.begin(response, step.user_id)
    return response


@blueprint.post("/logout")
@requires_permission(LOGGED_IN)
@own_unit_of_work
def logout() -> Answer:
    """End the session; its cookie is worth nothing from now on."""
    session_id = current().session_id
    if session_id is not None:
        with unit_of_work() as uow:
            logins.end_session(uow, session_id, actor=current().actor, now=runtime().clock())
    response = redirect(url_for("people.login"), 303)
    session.log_out(response)
    return response


def _show(form: LoginForm, *, error: str = "") -> str:
    return render_template(
        "auth/login.html",
        form=form,
        next=own_path(form.next.data),
        email=form.email.data or "",
        error=error,
        setup_waits=setup_service.is_open(read_session()),
        passkey=passkey_site.ask(),
    )
