"""The accounts of the instance: a new one, locking one out, where it is logged in, its second factors."""

from __future__ import annotations

from flask import Response, jsonify
from pydantic import BaseModel, ConfigDict, Field

from console.blueprint import requires_permission, requires_proof
from console.context import current, runtime
from console.described import described
from console.domain.permissions import NOBODY
from console.domain.words import Role
from console.inputs import read_json
from console.services import factors, logins, passwords, platforms, roles, throttle, vendors
from console.services import users as service
from console.services.documents import user_json
from console.services.operation_views import time_json
from console.services.passwords import PasswordHash
from console.storage.uow import UnitOfWork, current_uow, read_session
from console.web import idempotency
from console.web.api import people_shapes as shapes
from console.web.api._blueprint import instance as blueprint
from console.web.application import own_unit_of_work


class NewUser(BaseModel):
    """An account to make, with one role.

    Attributes:
        platform: The slug of the platform, for the roles of one.
        vendor: The slug of the vendor, for the roles of one.
    """

    model_config = ConfigDict(extra="forbid")

    email: str = Field(max_length=254)
    name: str = Field(default="", max_length=200)
    role: Role
    platform: str | None = Field(default=None, max_length=63)
    vendor: str | None = Field(default=None, max_length=63)


@blueprint.get("/users")
@requires_permission("instance.manage")
@described(shapes.UsersDocument)
def users() -> Response:
    """Every account with its built-in roles."""
    session = read_session()
    found = service.listing(session)
    held = service.roles_of(session, [each.id for each in found])
    return jsonify({"schema": 1, "users": [user_json(each, held[each.id]) for each in found]})


@blueprint.post("/users")
@requires_permission("instance.manage")
@requires_proof
@own_unit_of_work
@described({201: shapes.NewUserDocument}, takes=NewUser)
def user_create() -> Response:
    """Make an account; its password is made up, and told in this answer only."""
    wish = read_json(NewUser)
    password = passwords.generate()
    hashed = passwords.hash(password)
    return idempotency.prepared(lambda uow: _made(uow, wish, password, hashed))


@blueprint.get("/users/<int:user_id>")
@requires_permission("instance.manage")
@described(shapes.UserDocument)
def user(user_id: int) -> Response:
    """One account with its built-in roles."""
    return jsonify({"schema": 1, "user": _shown(user_id)})


@blueprint.post("/users/<int:user_id>/disable")
@requires_permission("instance.manage")
@requires_proof
@described(shapes.UserDocument)
def user_disable(user_id: int) -> Response:
    """Lock an account out at once; its sessions and tokens end."""
    service.disable(current_uow(), user_id, actor=current().actor, now=runtime().clock())
    return jsonify({"schema": 1, "user": _shown(user_id)})


@blueprint.get("/users/<int:user_id>/logins")
@requires_permission("instance.manage")
@described(shapes.LoginsDocument)
def user_logins(user_id: int) -> Response:
    """Where an account is logged in, and what a login of it takes beside the password."""
    return _logins(user_id)


@blueprint.post("/users/<int:user_id>/logins/<int:session_id>/end")
@requires_permission("instance.manage")
@described(shapes.LoginsDocument)
def user_login_end(user_id: int, session_id: int) -> Response:
    """End one session of the account."""
    logins.end_one(current_uow(), user_id, session_id, actor=current().actor, now=runtime().clock())
    return _logins(user_id)


@blueprint.post("/users/<int:user_id>/logins/unlock")
@requires_permission("instance.manage")
@described(shapes.LoginsDocument)
def user_unlock(user_id: int) -> Response:
    """Let the person try again at once who was wrong too often."""
    throttle.unlock(current_uow(), runtime(), user_id, actor=current().actor, now=runtime().clock())
    return _logins(user_id)


@blueprint.post("/users/<int:user_id>/logins/reset")
@requires_permission("instance.manage")
@requires_proof
@described(shapes.LoginsDocument)
def user_factors_reset(user_id: int) -> Response:
    """Take every second factor from an account whose owner lost them; its sessions end."""
    uow, here = current_uow(), current()
    service.by_id(uow.session, user_id)
    factors.reset(uow, user_id, actor=here.actor, now=runtime().clock(), keep=here.session_id or 0)
    return _logins(user_id)


def _made(uow: UnitOfWork, wish: NewUser, password: str, hashed: PasswordHash) -> Response:
    platform_id = None if wish.platform is None else platforms.by_slug(uow.session, wish.platform).id
    vendor = None if wish.vendor is None else vendors.by_slug(uow.session, wish.vendor)
    vendor_id = None if vendor is None else vendor.id
    where = platform_id if vendor is None else vendor.platform_id
    roles.must_reach(current().grants or NOBODY, wish.role, platform_id=where, vendor_id=vendor_id)
    made = service.create(
        uow,
        wish.email,
        role=wish.role,
        actor=current().actor,
        now=runtime().clock(),
        platform_id=platform_id,
        vendor_id=vendor_id,
        password=hashed,
        name=wish.name,
    )
    response = jsonify({"schema": 1, "user": _shown(made.id), "password": password})
    response.status_code = 201
    return response


def _shown(user_id: int) -> dict[str, object]:
    session = read_session()
    found = service.by_id(session, user_id)
    return user_json(found, service.roles_of(session, [user_id])[user_id])


def _logins(user_id: int) -> Response:
    session = read_session()
    person, found = _shown(user_id), factors.of(session, user_id)
    sessions = [
        {
            "id": str(each.id),
            "created_at": time_json(each.created_at),
            "last_seen_at": time_json(each.last_seen_at),
            "expires_at": time_json(each.expires_at),
            "address": each.address,
            "agent": each.agent,
        }
        for each in logins.sessions_of(session, user_id, now=runtime().clock())
    ]
    return jsonify(
        {
            "schema": 1,
            "user": person,
            "sessions": sessions,
            "app_since": time_json(found.app_since),
            "passkeys": len(found.passkeys),
            "codes_left": found.codes_left,
        }
    )
