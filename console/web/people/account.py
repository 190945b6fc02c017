"""A person's own account: how it is addressed, its password, and where it is logged in."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import force_locale, get_locale  # type: ignore[import-untyped]
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.context import current, current_user, runtime
from console.errors import RuleRefused, TooManyTries
from console.services import logins, passwords, users
from console.storage.uow import current_uow, read_session, unit_of_work
from console.web import proofs, session, zones
from console.web.application import own_unit_of_work
from console.web.babel import gettext as _
from console.web.i18n import TEXTS, languages
from console.web.people._blueprint import blueprint
from console.web.people.entering import too_many
from console.web.people.forms import PasswordForm, ProfileForm
from console.web.permit import LOGGED_IN
from console.web.told import told

Answer = str | Response | tuple[str, int]


@blueprint.get("/account")
@requires_permission(LOGGED_IN)
def account() -> Answer:
    """Name, language and time zone, the password form, and the sessions."""
    return _show(PasswordForm())


@blueprint.post("/account")
@requires_permission(LOGGED_IN)
@own_unit_of_work
def account_password() -> Answer:
    """Change the password; every other session of the account ends."""
    form = PasswordForm(request.form)
    if not form.validate():
        return _show(form), 422
    scope = current()
    try:
        if proofs.right_password(current_user.email, form.current.data or "") != current_user.id:
            form.current.errors = [_("This is not your current password.")]
            return _show(form), 422
        hashed = passwords.hash(form.password.data or "", about=(current_user.email, current_user.name))
    except TooManyTries as error:
        form.current.errors = [told(error.message)]
        return too_many(_show(form), error)
    except RuleRefused as error:
        form.password.errors = [told(error.message)]
        return _show(form), 422
    with unit_of_work() as uow:
        users.set_password(
            uow,
            current_user.id,
            hashed,
            actor=scope.actor,
            now=runtime().clock(),
            keep=scope.session_id or 0,
        )
    session.rotate_later(keep_former=False)
    flash(_("Your password was changed, and your other sessions were ended."))
    return redirect(url_for("people.account"), 303)


@blueprint.post("/account/profile")
@requires_permission(LOGGED_IN)
def account_profile() -> Answer:
    """Change name, language and time zone."""
    form = ProfileForm(request.form)
    if not form.validate() or not _is_possible(form):
        return _show(PasswordForm(), form), 422
    users.save_profile(
        current_uow(),
        current_user.id,
        name=form.name.data or "",
        locale=form.locale.data or None,
        timezone=form.timezone.data or None,
        actor=current().actor,
        now=runtime().clock(),
    )
    with force_locale(form.locale.data or str(get_locale())):  # the next page comes in it already
        flash(_("Your profile was saved."))
    return redirect(url_for("people.account"), 303)


def _is_possible(form: ProfileForm) -> bool:
    """Whether language and zone are ones that the form offers; what is wrong is said beside them."""
    if (form.locale.data or "") not in ("", *current_app.extensions[TEXTS].languages):
        form.locale.errors = [_("There are no texts in this language.")]
    if form.timezone.data and not zones.is_known(form.timezone.data):
        form.timezone.errors = [_("There is no such time zone.")]
    return not form.locale.errors and not form.timezone.errors


@blueprint.post("/account/sessions/<int:session_id>/end")
@requires_permission(LOGGED_IN)
def session_end(session_id: int) -> Answer:
    """End one of the person's own sessions."""
    logins.end_one(current_uow(), current_user.id, session_id, actor=current().actor, now=runtime().clock())
    flash(_("The session was ended."))
    return redirect(url_for("people.account"), 303)


def _show(form: PasswordForm, profile: ProfileForm | None = None) -> str:
    user = current_user
    mine = {"name": user.name, "locale": user.locale or "", "timezone": user.timezone or ""}
    return render_template(
        "auth/account.html",
        form=form,
        profile=profile or ProfileForm(data=mine),
        languages=[("", _("As the browser asks")), *languages(current_app.extensions[TEXTS].languages)],
        regions=zones.regions(str(get_locale()), current_user.timezone or ""),
        usual_zone=runtime().settings.timezone,
        sessions=logins.sessions_of(read_session(), current_user.id, now=runtime().clock()),
        session_id=current().session_id,
    )
