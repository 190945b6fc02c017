"""The API tokens of the whole instance."""

from __future__ import annotations

from flask import flash, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from console.blueprint import requires_permission, requires_proof
from console.context import current, runtime
from console.errors import RuleRefused, UsageError
from console.services import tokens as service
from console.storage.uow import read_session, unit_of_work
from console.web import htmx, tokens_page
from console.web.babel import gettext as _
from console.web.instance._blueprint import blueprint
from console.web.tokens_page import DAYS, NewToken, Scope

Answer = str | Response


@blueprint.get("/tokens")
@requires_permission("instance.manage")
def tokens() -> Answer:
    """Every token with scope, permissions and last use, never its text."""
    return _show()


@blueprint.post("/tokens")
@requires_permission("instance.manage")
@requires_proof
def token_create() -> Answer:
    """Make a token for the whole instance; its text is shown once in the answer."""
    try:
        return _show(made=tokens_page.create(Scope()))
    except (UsageError, RuleRefused) as error:
        return make_response(_show(error=error.sentence), 422)


@blueprint.post("/tokens/<int:token_id>/revoke")
@requires_permission("instance.manage")
def token_revoke(token_id: int) -> Answer:
    """Take a token back at once."""
    with unit_of_work() as uow:
        gone = service.revoke(uow, token_id, actor=current().actor, now=runtime().clock())
    flash(_("Token %(name)s was revoked", name=gone.name))
    return htmx.redirect(url_for("instance.tokens"))


def _show(*, made: NewToken | None = None, error: str = "") -> str:
    return render_template(
        "instance/tokens.html",
        lines=tokens_page.lines(service.listing(read_session())),
        days=DAYS,
        made=made,
        error=error,
        typed=request.form,
    )
