"""Who works on a platform or at one of its vendors: letting somebody in, changing their roles, taking them off."""

from __future__ import annotations

from flask import Response, jsonify
from pydantic import BaseModel, ConfigDict, Field

from console.blueprint import requires_permission, requires_proof
from console.context import current_platform, runtime
from console.described import described
from console.errors import UsageError
from console.inputs import read_json
from console.phrases import say
from console.services import passwords, people, vendors
from console.services.passwords import PasswordHash
from console.services.people import Held, PersonView, Place
from console.storage.uow import UnitOfWork, current_uow, read_session
from console.web import idempotency
from console.web.admin.people_page import author, held_of
from console.web.api import people_shapes as shapes
from console.web.api._blueprint import blueprint
from console.web.application import own_unit_of_work


class Invitation(BaseModel):
    """Somebody to let in.

    Attributes:
        roles: Built-in roles by their names, made ones by their ids.
    """

    model_config = ConfigDict(extra="forbid")

    email: str = Field(max_length=254)
    roles: list[str] = Field(min_length=1)


class RolesChange(BaseModel):
    """All roles that somebody shall have there.

    Attributes:
        roles: Built-in roles by their names, made ones by their ids.
    """

    model_config = ConfigDict(extra="forbid")

    roles: list[str] = Field(min_length=1)


@blueprint.get("/admin/users")
@requires_permission("users.view")
@described(shapes.PeopleDocument)
def people_here() -> Response:
    """Everybody with access to the platform, and their roles."""
    return _listed(_here())


@blueprint.post("/admin/users")
@requires_permission("users.manage")
@requires_proof
@own_unit_of_work
@described({201: shapes.InvitedDocument}, takes=Invitation)
def user_invite() -> Response:
    """Let somebody in; the password of a new account is made up, and told in this answer only."""
    return _invited(_here(), read_json(Invitation))


@blueprint.put("/admin/users/<int:user_id>")
@requires_permission("users.manage")
@requires_proof
@described(shapes.PersonDocument, takes=RolesChange)
def user_roles(user_id: int) -> Response:
    """Give somebody just these roles on the platform."""
    return _changed(_here(), user_id, read_json(RolesChange))


@blueprint.delete("/admin/users/<int:user_id>")
@requires_permission("users.manage")
@requires_proof
@described(shapes.PersonDocument)
def user_remove(user_id: int) -> Response:
    """Take somebody off the platform."""
    return _changed(_here(), user_id, None)


@blueprint.get("/admin/vendors/<slug>/users")
@requires_permission("vendors.view")
@described(shapes.PeopleDocument)
def vendor_people(slug: str) -> Response:
    """Everybody who works at the vendor, and their roles."""
    return _listed(_at(slug))


@blueprint.post("/admin/vendors/<slug>/users")
@requires_permission("vendors.manage")
@requires_proof
@own_unit_of_work
@described({201: shapes.InvitedDocument}, takes=Invitation)
def vendor_invite(slug: str) -> Response:
    """Let somebody in at the vendor; the password of a new account is made up, and told in this answer only."""
    return _invited(_at(slug), read_json(Invitation))


@blueprint.put("/admin/vendors/<slug>/users/<int:user_id>")
@requires_permission("vendors.manage")
@requires_proof
@described(shapes.PersonDocument, takes=RolesChange)
def vendor_user_roles(slug: str, user_id: int) -> Response:
    """Give somebody just these roles at the vendor."""
    return _changed(_at(slug), user_id, read_json(RolesChange))


@blueprint.delete("/admin/vendors/<slug>/users/<int:user_id>")
@requires_permission("vendors.manage")
@requires_proof
@described(shapes.PersonDocument)
def vendor_user_remove(slug: str, user_id: int) -> Response:
    """Take somebody off the vendor."""
    return _changed(_at(slug), user_id, None)


def _here() -> Place:
    return Place(current_platform.id)


def _at(slug: str) -> Place:
    return Place(current_platform.id, vendors.of_platform(read_session(), current_platform.id, slug).id)


def _listed(place: Place) -> Response:
    return jsonify({"schema": 1, "people": [_json(each) for each in people.listing(read_session(), place)]})


def _invited(place: Place, wish: Invitation) -> Response:
    """Hashes first, so that no lock is held meanwhile."""
    held = held_of(wish.roles)
    password = passwords.generate()
    hashed = passwords.hash(password)
    return idempotency.prepared(lambda uow: _let_in(uow, place, wish.email, held, password=password, hashed=hashed))


def _let_in(uow: UnitOfWork, place: Place, email: str, held: Held, *, password: str, hashed: PasswordHash) -> Response:
    rt = runtime()
    found = people.invite(uow, rt, place, email, held=held, password=hashed, author=author(), now=rt.clock())
    person = _json(people.one(uow.session, place, found.user_id))
    response = jsonify({"schema": 1, "person": person, "password": password if found.is_new else None})
    response.status_code = 201
    return response


def _changed(place: Place, user_id: int, wish: RolesChange | None) -> Response:
    uow, rt = current_uow(), runtime()
    before = people.one(uow.session, place, user_id)
    held = Held() if wish is None else held_of(wish.roles)
    if wish is not None and not held:
        raise UsageError(say("Nobody can do anything without a role."), hint=say("Send DELETE to take them off."))
    people.set_roles(uow, rt, place, user_id, held=held, author=author(), now=rt.clock())
    after = PersonView(before.user_id, before.email, before.name, before.is_active, held)
    return jsonify({"schema": 1, "person": _json(after)})


def _json(person: PersonView) -> dict[str, object]:
    return {
        "id": str(person.user_id),
        "email": person.email,
        "name": person.name,
        "active": person.is_active,
        "roles": [*sorted(person.held.built_in), *map(str, sorted(person.held.made))],
    }
