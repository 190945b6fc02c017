"""Passkeys: adding, naming and removing one's own, and logging in with one. This needs the script of the page."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from console.blueprint import public, requires_permission, requires_proof
from console.context import current, current_user, runtime
from console.errors import RuleRefused, TooManyTries
from console.services import factors, logins, throttle
from console.services import passkeys as service
from console.services.throttle import Try
from console.storage.uow import UnitOfWork, current_uow, unit_of_work
from console.web import htmx, passkey_site
from console.web.application import own_unit_of_work
from console.web.babel import gettext as _
from console.web.headers import request_id
from console.web.links import own_path
from console.web.people import changing, entering
from console.web.people._blueprint import blueprint
from console.web.permit import LOGGED_IN
from console.web.told import told

Answer = str | Response | tuple[str, int]


@blueprint.get("/account/second-factor/passkey")
@requires_permission(LOGGED_IN)
def passkey_add() -> Answer:
    """The question for a new passkey."""
    return _show()


@blueprint.post("/account/second-factor/passkey")
@requires_permission(LOGGED_IN)
@requires_proof
def passkey_add_accept() -> Answer:
    """Accept the device's passkey from now on; the recovery codes, once, when it is the first factor."""
    uow = current_uow()
    try:
        codes = _add(uow)
    except RuleRefused as error:
        return _show(error=told(error.message)), 422
    changing.done(uow)
    flash(_("The passkey was added."))
    return changing.show_codes(codes) if codes else htmx.redirect(url_for("people.second_factor"))


@blueprint.post("/account/second-factor/passkey/<int:passkey_id>/remove")
@requires_permission(LOGGED_IN)
@requires_proof
def passkey_remove(passkey_id: int) -> Answer:
    """Accept one of the person's passkeys no more."""
    uow = current_uow()
    found = factors.of(uow.session, current_user.id)
    changing.must_keep_one(len(found.passkeys) - 1 + (found.app_since is not None))
    service.remove(uow, current_user.id, passkey_id, actor=current().actor, now=runtime().clock())
    changing.done(uow)
    flash(_("The passkey was removed."))
    return htmx.redirect(url_for("people.second_factor"))


@blueprint.post("/login/passkey")
@public
@own_unit_of_work
def login_passkey() -> Answer:
    """A new session for the owner of the passkey; no password is asked."""
    try:
        user_id = _owner()
    except (RuleRefused, TooManyTries) as error:
        flash(told(error.sentence), "error")
        return redirect(url_for("people.login"), 303)
    response = redirect(own_path(request.form.get("next")), 303)
    entering.begin(response, user_id)
    return response


def _owner() -> int:
    rt, tried = runtime(), Try("", request.remote_addr or "")
    with unit_of_work() as uow:
        throttle.admit(uow, rt, tried, rt.clock())
    try:
        with unit_of_work() as uow:
            user_id = passkey_site.answered_by(uow, request.form)
            throttle.was_right(uow, rt, tried, rt.clock())
            return user_id
    except RuleRefused:
        with unit_of_work() as uow:
            logins.record_refused(uow, "", now=rt.clock(), request_id=request_id())
        raise


def _add(uow: UnitOfWork) -> tuple[str, ...]:
    site, challenge = passkey_site.asked_here(uow, request.form)
    answer, name = request.form.get(passkey_site.ANSWER, ""), request.form.get("name", "")
    actor, now = current().actor, runtime().clock()
    return service.add(uow, site, current_user.id, challenge, answer, name=name, actor=actor, now=now)


def _show(*, error: str = "") -> str:
    return render_template(
        "auth/passkey_add.html",
        asked=passkey_site.ask_to_register(),
        name=request.form.get("name", ""),
        error=error,
    )
