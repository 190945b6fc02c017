"""Where one person is logged in, and the way back for whoever is locked out or lost the second factor."""

from __future__ import annotations

from flask import flash, render_template, url_for
from werkzeug.wrappers import Response

from console.blueprint import requires_permission, requires_proof
from console.context import current, runtime
from console.services import factors, logins, throttle, users
from console.storage.uow import current_uow, read_session
from console.web import htmx
from console.web.babel import gettext as _
from console.web.instance._blueprint import blueprint


@blueprint.get("/users/<int:user_id>/logins")
@requires_permission("instance.manage")
def user_logins(user_id: int) -> str:
    """The sessions of an account, and what a login of it takes."""
    session = read_session()
    return render_template(
        "instance/logins.html",
        person=users.by_id(session, user_id),
        sessions=logins.sessions_of(session, user_id, now=runtime().clock()),
        session_id=current().session_id,
        found=factors.of(session, user_id),
    )


@blueprint.post("/users/<int:user_id>/logins/<int:session_id>/end")
@requires_permission("instance.manage")
def user_login_end(user_id: int, session_id: int) -> Response:
    """End one session of that account."""
    logins.end_one(current_uow(), user_id, session_id, actor=current().actor, now=runtime().clock())
    flash(_("The session was ended."))
    return _back(user_id)


@blueprint.post("/users/<int:user_id>/logins/unlock")
@requires_permission("instance.manage")
def user_unlock(user_id: int) -> Response:
    """Let the person try again at once who was wrong too often."""
    throttle.unlock(current_uow(), runtime(), user_id, actor=current().actor, now=runtime().clock())
    flash(_("The next login may be tried at once."))
    return _back(user_id)


@blueprint.post("/users/<int:user_id>/logins/reset")
@requires_permission("instance.manage")
@requires_proof
def user_factors_reset(user_id: int) -> Response:
    """Take every second factor from an account whose owner lost them; its sessions end."""
    here = current()
    if factors.reset(current_uow(), user_id, actor=here.actor, now=runtime().clock(), keep=here.session_id or 0):
        flash(_("A login takes only the password again."))
    return _back(user_id)


def _back(user_id: int) -> Response:
    return htmx.redirect(url_for("instance.user_logins", user_id=user_id))
