"""A person's own second factor: the authenticator app and the recovery codes."""

from __future__ import annotations

from typing import cast

import segno
from flask import flash, render_template, request, url_for
from werkzeug.wrappers import Response

from console.blueprint import requires_permission, requires_proof
from console.context import current, current_user, runtime
from console.errors import RuleRefused
from console.services import factors as service
from console.services import sealed
from console.storage.uow import current_uow, read_session
from console.web import htmx, passkey_site
from console.web.babel import gettext as _
from console.web.people import changing
from console.web.people._blueprint import blueprint
from console.web.permit import LOGGED_IN
from console.web.told import told

Answer = str | Response | tuple[str, int]
PURPOSE = "app"


@blueprint.get("/account/second-factor", endpoint="second_factor")
@requires_permission(LOGGED_IN)
def overview() -> Answer:
    """What a login takes beside the password, and how to change that."""
    return render_template(
        "auth/second_factor.html",
        found=service.of(read_session(), current_user.id),
        must=changing.must_have_one(),
        passkeys_work=passkey_site.here() is not None,
    )


@blueprint.get("/account/second-factor/app")
@requires_permission(LOGGED_IN)
def app_connect() -> Answer:
    """A new key as a picture and in letters; nothing is stored before its first code was right."""
    return _show_key(service.fresh_key())


@blueprint.post("/account/second-factor/app")
@requires_permission(LOGGED_IN)
@requires_proof
def app_connect_accept() -> Answer:
    """Ask for the app from now on, and show the recovery codes once."""
    rt, given = runtime(), request.form.get("step", "")
    facts = sealed.unseal(rt, PURPOSE, given, now=rt.clock())
    if facts is None or facts["user"] != current_user.id:
        flash(_("That took too long. This is a new key."), "error")
        return htmx.redirect(url_for("people.app_connect"))
    key, code = cast("str", facts["key"]), request.form.get("code", "")
    uow = current_uow()
    try:
        codes = service.connect_app(uow, rt, current_user.id, key, code, actor=current().actor, now=rt.clock())
    except RuleRefused as error:
        return _show_key(key, step=given, error=told(error.sentence)), 422
    changing.done(uow)
    flash(_("A login asks for a code of your app from now on."))
    return changing.show_codes(codes) if codes else htmx.redirect(url_for("people.second_factor"))


@blueprint.post("/account/second-factor/app/off")
@requires_permission(LOGGED_IN)
@requires_proof
def app_disconnect() -> Answer:
    """Ask for the app no more, unless the console's policy needs it."""
    uow = current_uow()
    changing.must_keep_one(len(service.of(uow.session, current_user.id).passkeys))
    service.disconnect_app(uow, current_user.id, actor=current().actor, now=runtime().clock())
    changing.done(uow)
    flash(_("The authenticator app is asked no more."))
    return htmx.redirect(url_for("people.second_factor"))


@blueprint.post("/account/second-factor/codes")
@requires_permission(LOGGED_IN)
@requires_proof
def codes_renew() -> Answer:
    """New recovery codes in place of the old ones, shown once."""
    uow = current_uow()
    if not service.of(uow.session, current_user.id).any:
        return htmx.redirect(url_for("people.second_factor"))
    return changing.show_codes(service.renew_codes(uow, current_user.id, actor=current().actor, now=runtime().clock()))


def _show_key(key: str, *, step: str = "", error: str = "") -> str:
    rt, user = runtime(), current_user
    picture = segno.make(service.address_of(key, user.email), error="m", micro=False)
    facts = {"key": key, "user": user.id}
    return render_template(
        "auth/app_connect.html",
        picture=picture.svg_data_uri(scale=5, border=3, light="#fff", dark="#000"),
        key=" ".join(key[at : at + 4] for at in range(0, len(key), 4)),
        step=step or sealed.seal(rt, PURPOSE, facts, now=rt.clock()),
        error=error,
    )
