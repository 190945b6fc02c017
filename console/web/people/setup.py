"""The one-time page that makes the first admin, and then shows the logins that were made for vendors, once."""

from __future__ import annotations

from flask import make_response, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from console.blueprint import public
from console.context import runtime
from console.domain.actor import Actor
from console.errors import RuleRefused, Unknown, UsageError
from console.services import passwords, users
from console.services import setup as service
from console.services.setup import VendorLogin
from console.storage.tables import User
from console.storage.uow import read_session, unit_of_work
from console.web.application import own_unit_of_work
from console.web.people._blueprint import blueprint
from console.web.people.entering import begin
from console.web.people.forms import SetupForm
from console.web.told import told

Answer = str | Response | tuple[str, int]


@blueprint.get("/setup")
@public
def setup() -> Answer:
    """The form for the first admin; without a good token there is no such page."""
    token = request.args.get("token", "")
    if not service.is_good(read_session(), token):
        raise NotFound
    return _show(SetupForm(data={"token": token, "vendor_logins": True}))


@blueprint.post("/setup")
@public
@own_unit_of_work
def setup_accept() -> Answer:
    """The first admin, logged in, and the vendors' logins with their passwords, which are not shown again."""
    form = SetupForm(request.form)
    token = form.token.data or request.args.get("token", "")
    if not service.is_good(read_session(), token):
        raise NotFound
    if not form.validate():
        return _show(form), 422
    try:
        admin, made = _claim(form, token)
    except Unknown:
        raise NotFound from None  # somebody else was first
    except (RuleRefused, UsageError) as error:
        field = form.password if error.code == "password_weak" else form.email
        field.errors = [told(error.message)]
        return _show(form), 422
    response = make_response(
        render_template("auth/setup_done.html", logins=made, login_url=url_for("people.login"), email=admin.email)
    )
    begin(response, admin.id)
    return response


def _claim(form: SetupForm, token: str) -> tuple[User, list[VendorLogin]]:
    now = runtime().clock()
    email = users.normal_email(form.email.data or "")
    password = passwords.hash(form.password.data or "", about=(email, form.name.data or ""))
    drawn = service.draw_logins(read_session(), domain=email.rpartition("@")[2]) if form.vendor_logins.data else []
    with unit_of_work() as uow:
        admin = service.claim(uow, token, email=email, password=password, name=form.name.data or "", now=now)
        actor = Actor(admin.email, "page", admin.id)
        return admin, service.add_logins(uow, drawn, actor=actor, now=now)


def _show(form: SetupForm) -> str:
    return render_template("auth/setup.html", form=form, token=form.token.data)
