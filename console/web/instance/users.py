"""The people of the instance: their roles, a new login, locking one out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from console.blueprint import requires_permission, requires_proof
from console.context import current, runtime
from console.domain.words import Role
from console.errors import RuleRefused, Unknown, UsageError
from console.services import logins, passwords, platforms, vendors
from console.services import users as service
from console.services.users import RoleView
from console.storage.uow import read_session, unit_of_work
from console.web import htmx
from console.web.admin import texts
from console.web.application import own_unit_of_work
from console.web.babel import gettext as _
from console.web.instance._blueprint import blueprint

Answer = str | Response


@dataclass(frozen=True, slots=True)
class UserLine:
    """An account as the list shows it."""

    id: int
    email: str
    name: str
    roles: tuple[str, ...]
    is_active: bool
    is_me: bool
    created_at: datetime
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewLogin:
    """A login that was just made; its password is shown this once."""

    email: str
    password: str


@blueprint.get("/users")
@requires_permission("instance.manage")
def users() -> Answer:
    """Every account with its roles."""
    return _show()


@blueprint.post("/users")
@requires_permission("instance.manage")
@requires_proof
@own_unit_of_work
def user_create() -> Answer:
    """Create an account with a generated password, shown once in the answer."""
    try:
        return _show(made=_create())
    except (UsageError, RuleRefused, Unknown) as error:
        text = error.sentence
        return make_response(_show(error=text, typed=dict(request.form)), 422)


@blueprint.post("/users/<int:user_id>/disable")
@requires_permission("instance.manage")
@requires_proof
def user_disable(user_id: int) -> Answer:
    """Lock an account out at once."""
    try:
        with unit_of_work() as uow:
            service.disable(uow, user_id, actor=current().actor, now=runtime().clock())
    except RuleRefused as error:
        return make_response(_show(refusal=error.message), 409)
    return htmx.redirect(url_for("instance.users"))


def _create() -> NewLogin:
    typed = request.form
    try:
        role = Role(typed.get("role", ""))
    except ValueError:
        raise UsageError(_("Choose a role.")) from None
    scope = typed.get("scope", "")
    password = passwords.generate()
    session = read_session()
    on_platform = role in (Role.PLATFORM_ADMIN, Role.PLATFORM_VIEWER)
    at_vendor = role in (Role.VENDOR_OWNER, Role.VENDOR_MEMBER)
    platform_id = platforms.by_slug(session, scope).id if on_platform else None
    vendor_id = vendors.by_slug(session, scope).id if at_vendor else None
    hashed = passwords.hash(password)
    with unit_of_work() as uow:
        made = service.create(
            uow,
            typed.get("email", ""),
            role=role,
            actor=current().actor,
            now=runtime().clock(),
            platform_id=platform_id,
            vendor_id=vendor_id,
            password=hashed,
            name=typed.get("name", ""),
        )
        return NewLogin(made.email, password)


def _show(
    *, made: NewLogin | None = None, error: str = "", refusal: str = "", typed: dict[str, str] | None = None
) -> str:
    session = read_session()
    found = service.listing(session)
    roles = service.roles_of(session, [user.id for user in found])
    seen = logins.last_seen(session)
    me = current().user
    scopes = [(each.slug, each.name) for each in platforms.listing(session)]
    scopes += [(each.slug, f"{each.name} ({_('vendor')})") for each in vendors.listing(session)]
    return render_template(
        "instance/users.html",
        lines=[
            UserLine(
                id=user.id,
                email=user.email,
                name=user.name,
                roles=tuple(_role_texts(roles[user.id])),
                is_active=user.is_active,
                is_me=me is not None and me.id == user.id,
                created_at=user.created_at,
                seen_at=seen.get(user.id),
            )
            for user in found
        ],
        roles=[(role.value, texts.role(role)) for role in Role],
        scopes=[("", _("The whole instance")), *scopes],
        made=made,
        error=error,
        typed=typed or {},
        toast_text=refusal,
        toast_look="error",
    )


def _role_texts(roles: Iterable[RoleView]) -> Iterable[str]:
    for each in roles:
        where = each.platform or each.vendor
        yield texts.role(each.role) if where is None else f"{texts.role(each.role)} · {where}"
