"""Who works on a platform or at a vendor: inviting them, changing what they are there, taking them off."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from console.domain.words import FrontendType, Role
from console.errors import Unknown, UsageError
from console.phrases import say
from console.services import audit, roles, users
from console.services.locked import lock
from console.services.operations import must_be_alive
from console.services.passwords import PasswordHash
from console.services.roles import Author
from console.services.runtime import Runtime
from console.storage.tables import MadeRole, Membership, RoleHolder, User
from console.storage.uow import UnitOfWork

BUILT_IN = {
    FrontendType.ADMIN: (Role.PLATFORM_ADMIN, Role.PLATFORM_VIEWER),
    FrontendType.VENDOR: (Role.VENDOR_OWNER, Role.VENDOR_MEMBER),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody works: on a platform, or at one of its vendors."""

    platform_id: int
    vendor_id: int | None = None

    @property
    def frontend(self) -> FrontendType:
        """Whose pages they see there."""
        return FrontendType.ADMIN if self.vendor_id is None else FrontendType.VENDOR


@dataclass(frozen=True, slots=True)
class Held:
    """All roles of somebody in one place.

    Args:
        built_in: Of the built-in ones.
        made: Ids of roles that admins made.
    """

    built_in: frozenset[Role] = frozenset()
    made: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.built_in or self.made)


@dataclass(frozen=True, slots=True)
class PersonView:
    """Somebody who works in a place, and as what."""

    user_id: int
    email: str
    name: str
    is_active: bool
    held: Held


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who was given roles; ``is_new`` when the account was made for it."""

    user_id: int
    email: str
    is_new: bool


def invite(
    uow: UnitOfWork,
    rt: Runtime,
    place: Place,
    email: str,
    *,
    held: Held,
    password: PasswordHash,
    author: Author,
    now: datetime,
) -> Invited:
    """Give somebody roles in a place; an address without an account gets one with that password.

    Raises:
        UsageError: The address is none, or no role was chosen, or one that does not go with the place.
        Forbidden: A role holds more than its giver does.
        RuleRefused: ``platform_archived``.
    """
    if not held:
        raise UsageError(say("Nobody can do anything without a role."), hint=say("Choose at least one."))
    address = users.normal_email(email)
    user_id = uow.session.scalar(select(User.id).where(User.email == address))
    if user_id is None:
        made = users.open_account(uow, address, password=password, actor=author.actor, now=now)
        set_roles(uow, rt, place, made.id, held=held, author=author, now=now)
        return Invited(made.id, address, is_new=True)
    before = held_by(uow.session, place, user_id)
    wanted = Held(before.built_in | held.built_in, before.made | held.made)
    set_roles(uow, rt, place, user_id, held=wanted, author=author, now=now)
    return Invited(user_id, address, is_new=False)


def set_roles(
    uow: UnitOfWork, rt: Runtime, place: Place, user_id: int, *, held: Held, author: Author, now: datetime
) -> bool:
    """Let somebody hold just those roles in the place, none takes them off it; False when it is like that already.

    Raises:
        UsageError: A role does not go with the place.
        Forbidden: A role that comes or goes holds more than its giver does.
        Unknown: There is no such account.
    """
    locked = lock(uow, rt, place.platform_id, now)
    must_be_alive(locked)
    user = users.locked(uow, user_id)
    before = held_by(uow.session, place, user_id)
    if held == before:
        return False
    _must_fit(uow.session, place, held)
    _must_be_theirs(uow.session, place, before, held, author=author)
    _write(uow, place, user_id, before=before, held=held)
    user.generation += 1
    names = _names(uow.session, place)
    audit.record(
        uow,
        author.actor,
        action="users.grant" if held else "users.revoke",
        target=user.email,
        now=now,
        platform_id=place.platform_id,
        before={"roles": _facts(before, names), "vendor_id": place.vendor_id},
        after={"roles": _facts(held, names), "vendor_id": place.vendor_id},
    )
    locked.bump()
    return True


def _must_fit(session: Session, place: Place, held: Held) -> None:
    known = {each.id for each in roles.listing(session, place.platform_id, place.frontend)}
    if not held.made <= known or not held.built_in <= set(BUILT_IN[place.frontend]):
        raise UsageError(say("There is no such role here."), hint=say("Choose from those that the page shows."))


def _must_be_theirs(session: Session, place: Place, before: Held, after: Held, *, author: Author) -> None:
    """Whoever gives or takes a role holds all of it."""
    for role in before.built_in ^ after.built_in:
        roles.must_reach(author.grants, role, platform_id=place.platform_id, vendor_id=place.vendor_id)
    for each in roles.listing(session, place.platform_id):
        if each.id in before.made ^ after.made:
            roles.must_hold(author.grants, each.permissions, place.platform_id, place.vendor_id)


def _write(uow: UnitOfWork, place: Place, user_id: int, *, before: Held, held: Held) -> None:
    on_platform = place.platform_id if place.vendor_id is None else None
    gone = delete(Membership).where(
        Membership.user_id == user_id,
        Membership.role.in_(before.built_in - held.built_in),
        Membership.platform_id.is_not_distinct_from(on_platform),
        Membership.vendor_id.is_not_distinct_from(place.vendor_id),
    )
    uow.session.execute(gone)
    for role in sorted(held.built_in - before.built_in):
        uow.session.add(Membership(user_id=user_id, role=role, platform_id=on_platform, vendor_id=place.vendor_id))
    left = delete(RoleHolder).where(
        RoleHolder.user_id == user_id,
        RoleHolder.role_id.in_(before.made - held.made),
        RoleHolder.vendor_id.is_not_distinct_from(place.vendor_id),
    )
    uow.session.execute(left)
    for role_id in sorted(held.made - before.made):
        uow.session.add(RoleHolder(user_id=user_id, role_id=role_id, vendor_id=place.vendor_id))
    uow.session.flush()


def _names(session: Session, place: Place) -> dict[int, str]:
    return {each.id: each.name for each in roles.listing(session, place.platform_id)}


def _facts(held: Held, names: dict[int, str]) -> list[str]:
    return [*sorted(held.built_in), *sorted(names.get(each, str(each)) for each in held.made)]


def held_by(session: Session, place: Place, user_id: int) -> Held:
    """The roles of an account in a place."""
    return _held(session, place, [user_id]).get(user_id, Held())


def listing(session: Session, place: Place) -> list[PersonView]:
    """Who works in a place, by address; three statements for all."""
    held = _held(session, place)
    found = select(User).where(User.id.in_(held)).order_by(User.email)
    return [
        PersonView(user.id, user.email, user.name, user.is_active, held[user.id]) for user in session.scalars(found)
    ]


def one(session: Session, place: Place, user_id: int) -> PersonView:
    """Somebody who works in the place.

    Raises:
        Unknown: Nobody of that id does.
    """
    found = next((each for each in listing(session, place) if each.user_id == user_id), None)
    if found is None:
        raise Unknown("user", str(user_id))
    return found


def _held(session: Session, place: Place, user_ids: Collection[int] | None = None) -> dict[int, Held]:
    on_platform = place.platform_id if place.vendor_id is None else None
    built_in = select(Membership.user_id, Membership.role).where(
        Membership.platform_id.is_not_distinct_from(on_platform),
        Membership.vendor_id.is_not_distinct_from(place.vendor_id),
        Membership.role != Role.INSTANCE_ADMIN,
    )
    made = (
        select(RoleHolder.user_id, RoleHolder.role_id)
        .join(MadeRole, MadeRole.id == RoleHolder.role_id)
        .where(MadeRole.platform_id == place.platform_id, RoleHolder.vendor_id.is_not_distinct_from(place.vendor_id))
    )
    if user_ids is not None:
        built_in = built_in.where(Membership.user_id.in_(user_ids))
        made = made.where(RoleHolder.user_id.in_(user_ids))
    roles_by: dict[int, set[Role]] = {}
    made_by: dict[int, set[int]] = {}
    for user_id, role in session.execute(built_in):
        roles_by.setdefault(user_id, set()).add(role)
    for user_id, role_id in session.execute(made):
        made_by.setdefault(user_id, set()).add(role_id)
    return {
        user_id: Held(frozenset(roles_by.get(user_id, ())), frozenset(made_by.get(user_id, ())))
        for user_id in roles_by.keys() | made_by.keys()
    }
