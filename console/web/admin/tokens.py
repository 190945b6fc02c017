"""The API tokens of a platform and of its vendors: who uses the API, a new one, taking one back."""

from __future__ import annotations

from flask import flash, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from console.blueprint import requires_permission, requires_proof
from console.context import current, current_platform, runtime
from console.domain.words import FrontendType
from console.errors import RuleRefused, UsageError
from console.services import tokens as service
from console.services import vendors
from console.storage.uow import read_session, unit_of_work
from console.web import htmx, tokens_page
from console.web.admin._blueprint import blueprint
from console.web.admin.roles import permission_groups
from console.web.babel import gettext as _
from console.web.tokens_page import DAYS, NewToken, Scope

Answer = str | Response


@blueprint.get("/users/tokens")
@requires_permission("tokens.view")
def tokens() -> Answer:
    """The tokens with scope, permissions and last use, never their text."""
    return _show()


@blueprint.post("/users/tokens")
@requires_permission("tokens.manage")
@requires_proof
def token_create() -> Answer:
    """Make a token; its text is shown once in the answer."""
    try:
        return _show(made=tokens_page.create(_scope()))
    except (UsageError, RuleRefused) as error:
        return make_response(_show(error=error.sentence), 422)


@blueprint.post("/users/tokens/<int:token_id>/revoke")
@requires_permission("tokens.manage")
def token_revoke(token_id: int) -> Answer:
    """Take a token back at once."""
    with unit_of_work() as uow:
        gone = service.revoke(
            uow, token_id, actor=current().actor, now=runtime().clock(), platform_id=current_platform.id
        )
    flash(_("Token %(name)s was revoked", name=gone.name))
    return htmx.redirect(url_for("pages.tokens"))


def _scope() -> Scope:
    """The platform, or the vendor of it that the form names."""
    slug = request.form.get("scope", "")
    if not slug:
        return Scope(platform_id=current_platform.id)
    return Scope(vendor_id=vendors.of_platform(read_session(), current_platform.id, slug).id)


def _show(*, made: NewToken | None = None, error: str = "") -> str:
    session = read_session()
    shops = [(each.slug, each.name) for each in vendors.listing(session, current_platform.id)]
    checked = frozenset(request.form.getlist("permission"))
    return render_template(
        "admin/tokens.html",
        lines=tokens_page.lines(service.on_platform(session, current_platform.id)),
        scopes=[("", current_platform.name), *shops],
        days=DAYS,
        groups=list(permission_groups(FrontendType.ADMIN, checked)),
        made=made,
        error=error,
        typed=request.form,
    )
