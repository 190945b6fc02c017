"""The people of a platform: who has access and as what; letting somebody in, changing their roles, taking them off."""

from __future__ import annotations

from flask import flash, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from console.blueprint import requires_permission, requires_proof
from console.context import current_platform
from console.errors import RuleRefused, UsageError
from console.services.people import Place
from console.storage.uow import read_session
from console.web import htmx
from console.web.admin._blueprint import blueprint
from console.web.admin.people_page import NewAccess, change, invite, people_page
from console.web.application import own_unit_of_work
from console.web.babel import gettext as _

Answer = str | Response


@blueprint.get("/users")
@requires_permission("users.view")
def users() -> Answer:
    """Everybody with access to the platform, and their roles."""
    return _show()


@blueprint.post("/users")
@requires_permission("users.manage")
@requires_proof
@own_unit_of_work
def user_invite() -> Answer:
    """Let somebody in; the password of a new account is shown once in the answer."""
    try:
        return _show(made=invite(_place()))
    except (UsageError, RuleRefused) as error:
        return make_response(_show(error=error.sentence, typed=request.form.get("email", "")), 422)


@blueprint.post("/users/<int:user_id>")
@requires_permission("users.manage")
@requires_proof
def user_roles(user_id: int) -> Answer:
    """Change the roles of somebody, or take them off the platform."""
    try:
        email = change(_place(), user_id)
    except (UsageError, RuleRefused) as error:
        return make_response(_show(refused=user_id, error=error.sentence), 422)
    flash(_("The roles of %(email)s are changed", email=email))
    return htmx.redirect(url_for("pages.users"))


def _place() -> Place:
    return Place(current_platform.id)


def _show(*, made: NewAccess | None = None, error: str = "", typed: str = "", refused: int = 0) -> str:
    return render_template(
        "admin/users.html",
        people=people_page(read_session(), _place()),
        made=made,
        error=error,
        typed=typed,
        refused=refused,
    )
