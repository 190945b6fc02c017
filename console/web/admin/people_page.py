"""The people of a platform or of a vendor as their page shows them, and the roles that can be chosen for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import request
from sqlalchemy.orm import Session

from console.context import current, runtime
from console.domain.permissions import NOBODY
from console.domain.words import Role
from console.errors import UsageError
from console.phrases import say
from console.services import passwords, people, roles
from console.services.people import BUILT_IN, Held, PersonView, Place
from console.services.roles import Author, MadeRoleView
from console.storage.uow import read_session, unit_of_work
from console.web.admin import texts
from console.web.babel import gettext as _


@dataclass(frozen=True, slots=True)
class Choice:
    """A role that can be chosen.

    Args:
        value: What the form sends: a built-in role's name, or the id of one that an admin made.
        hint: What it allows.
        can_give: Whether whoever looks holds all of it.
    """

    value: str
    label: str
    hint: str
    can_give: bool


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody in the list.

    Args:
        held: Values of the choices that they have.
    """

    id: int
    email: str
    name: str
    is_active: bool
    is_me: bool
    held: frozenset[str]


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Who works in a place, and what can be done about it."""

    lines: tuple[PersonLine, ...]
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class NewAccess:
    """Somebody who was just let in; the password of a new account is shown this once."""

    email: str
    password: str


def author() -> Author:
    """Who acts in this request, and what they may give."""
    scope = current()
    return Author(scope.actor, scope.grants or NOBODY)


def people_page(session: Session, place: Place) -> PeoplePage:
    """The page of a place."""
    return PeoplePage(
        tuple(_line(each) for each in people.listing(session, place)), tuple(role_choices(session, place))
    )


def _line(person: PersonView) -> PersonLine:
    me = current().user
    return PersonLine(
        id=person.user_id,
        email=person.email,
        name=person.name,
        is_active=person.is_active,
        is_me=me is not None and me.id == person.user_id,
        held=frozenset({*person.held.built_in, *map(str, person.held.made)}),
    )


def role_choices(session: Session, place: Place) -> list[Choice]:
    """The built-in roles of the place, then those that admins made."""
    grants = author().grants
    built_in = [
        Choice(
            role.value,
            texts.role(role),
            _what(role),
            grants.may_give_role(role, platform_id=place.platform_id, vendor_id=place.vendor_id),
        )
        for role in BUILT_IN[place.frontend]
    ]
    return [*built_in, *(_made(each, place) for each in roles.listing(session, place.platform_id, place.frontend))]


def _made(role: MadeRoleView, place: Place) -> Choice:
    grants = author().grants
    can_give = all(roles.holds(grants, each, place.platform_id, place.vendor_id) for each in role.permissions)
    return Choice(str(role.id), role.name, ", ".join(sorted(role.permissions)), can_give)


def _what(role: Role) -> str:
    return {
        Role.PLATFORM_ADMIN: _("Everything on this platform."),
        Role.PLATFORM_VIEWER: _("See everything, change nothing."),
        Role.VENDOR_OWNER: _("Everything in this shop."),
        Role.VENDOR_MEMBER: _("See everything in this shop, change nothing."),
    }[role]


def held_of(choices: Iterable[str]) -> Held:
    """The roles of these choices: names of built-in ones, ids of made ones.

    Raises:
        UsageError: One of them is no role.
    """
    values = set(choices)
    made = {value for value in values if value.isascii() and value.isdigit() and len(value) < 10}
    try:
        return Held(frozenset(map(Role, values - made)), frozenset(map(int, made)))
    except ValueError:
        raise UsageError(say("There is no such role here."), hint=say("Load the page again.")) from None


def invite(place: Place) -> NewAccess:
    """Let in whom the request names; hashes first, so that no lock is held meanwhile."""
    held = held_of(request.form.getlist("role"))
    password = passwords.generate()
    hashed = passwords.hash(password)
    rt = runtime()
    with unit_of_work() as uow:
        found = people.invite(
            uow,
            rt,
            place,
            request.form.get("email", ""),
            held=held,
            password=hashed,
            author=author(),
            now=rt.clock(),
        )
    return NewAccess(found.email, password if found.is_new else "")


def change(place: Place, user_id: int) -> str:
    """Give somebody the roles that the request names, or none; what cannot be given stays as it is.

    Returns:
        Their e-mail address.
    """
    session = read_session()
    person = people.one(session, place, user_id)
    held = Held()
    if "remove" not in request.form:
        held = held_of(request.form.getlist("role"))
        fixed = {each.value for each in role_choices(session, place) if not each.can_give}
        held = Held(
            held.built_in | {role for role in person.held.built_in if role.value in fixed},
            held.made | {role_id for role_id in person.held.made if str(role_id) in fixed},
        )
        if not held:
            raise UsageError(
                say("Nobody can do anything without a role."), hint=say("Choose at least one, or take them off.")
            )
    rt = runtime()
    with unit_of_work() as uow:
        people.set_roles(uow, rt, place, user_id, held=held, author=author(), now=rt.clock())
    return person.email
