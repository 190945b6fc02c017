"""Accounts and their roles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from console.domain.actor import Actor
from console.domain.permissions import RoleGrant
from console.domain.words import Role
from console.errors import RuleRefused, Unknown, UsageError
from console.phrases import say
from console.services import audit, slugs
from console.services.passwords import PasswordHash
from console.storage.tables import Membership, Platform, User, Vendor, WebSession
from console.storage.uow import UnitOfWork

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+|[^@\s]+@localhost")
_PLATFORM_ROLES = (Role.PLATFORM_ADMIN, Role.PLATFORM_VIEWER)
_VENDOR_ROLES = (Role.VENDOR_OWNER, Role.VENDOR_MEMBER)


@dataclass(frozen=True, slots=True)
class RoleView:
    """One role of an account, with the names of where it holds."""

    role: Role
    platform_id: int | None
    platform: str | None
    vendor_id: int | None
    vendor: str | None


def normal_email(email: str) -> str:
    """The address as accounts are found by it.

    Raises:
        UsageError: ``email_invalid``.
    """
    address = email.strip().lower()
    if len(address) > 254 or not _EMAIL.fullmatch(address):
        error = UsageError(
            say("%(email)s is not an e-mail address.", email=repr(email)), hint=say("Write it as name@example.com.")
        )
        error.code = "email_invalid"
        raise error
    return address


def create(
    uow: UnitOfWork,
    email: str,
    *,
    role: Role,
    actor: Actor,
    now: datetime,
    platform_id: int | None = None,
    vendor_id: int | None = None,
    password: PasswordHash | None = None,
    name: str = "",
) -> User:
    """A new account with one role; without a password nobody can log in with it yet.

    Raises:
        UsageError: The address is none, or the role does not fit the scope.
        RuleRefused: ``user_exists``.
    """
    address = normal_email(email)
    _must_fit(role, platform_id=platform_id, vendor_id=vendor_id)
    user = _new(uow, address, password=password, name=name, now=now)
    uow.session.add(Membership(user_id=user.id, role=role, platform_id=platform_id, vendor_id=vendor_id))
    _record(uow, user, "users.create", actor=actor, now=now, scope=RoleGrant(role, platform_id, vendor_id))
    return user


def open_account(uow: UnitOfWork, email: str, *, password: PasswordHash, actor: Actor, now: datetime) -> User:
    """A new account without a role.

    Raises:
        UsageError: The address is none.
        RuleRefused: ``user_exists``.
    """
    user = _new(uow, normal_email(email), password=password, name="", now=now)
    _record(uow, user, "users.create", actor=actor, now=now)
    return user


def _new(uow: UnitOfWork, address: str, *, password: PasswordHash | None, name: str, now: datetime) -> User:
    if uow.session.scalar(select(User.id).where(User.email == address)) is not None:
        raise slugs.taken("user", address)
    user = User(
        email=address,
        name=slugs.checked_name(name),
        password_hash=password,
        generation=1,
        is_active=True,
        created_at=now,
    )
    with slugs.unique("user", address):
        uow.session.add(user)
        uow.session.flush()
    return user


def _must_fit(role: Role, *, platform_id: int | None, vendor_id: int | None) -> None:
    fits = {
        Role.INSTANCE_ADMIN: platform_id is None and vendor_id is None,
        **dict.fromkeys(_PLATFORM_ROLES, platform_id is not None and vendor_id is None),
        **dict.fromkeys(_VENDOR_ROLES, vendor_id is not None and platform_id is None),
    }
    if not fits[role]:
        hint = say("It goes with neither.")
        if role in _PLATFORM_ROLES:
            hint = say("It goes with a platform.")
        elif role in _VENDOR_ROLES:
            hint = say("It goes with a vendor.")
        raise UsageError(say("The role %(role)s does not fit this scope.", role=role.value), hint=hint)


def grant(
    uow: UnitOfWork,
    user_id: int,
    role: Role,
    *,
    actor: Actor,
    now: datetime,
    platform_id: int | None = None,
    vendor_id: int | None = None,
) -> bool:
    """Give an account one more role; False when it has it."""
    _must_fit(role, platform_id=platform_id, vendor_id=vendor_id)
    user = locked(uow, user_id)
    if uow.session.scalar(_membership(user_id, role, platform_id, vendor_id)) is not None:
        return False
    uow.session.add(Membership(user_id=user_id, role=role, platform_id=platform_id, vendor_id=vendor_id))
    user.generation += 1
    _record(uow, user, "users.grant", actor=actor, now=now, scope=RoleGrant(role, platform_id, vendor_id))
    return True


def revoke(
    uow: UnitOfWork,
    user_id: int,
    role: Role,
    *,
    actor: Actor,
    now: datetime,
    platform_id: int | None = None,
    vendor_id: int | None = None,
) -> bool:
    """Take a role from an account; False when it has none such.

    Raises:
        RuleRefused: ``last_admin``: somebody has to be instance admin.
    """
    user = locked(uow, user_id)
    found = uow.session.scalar(_membership(user_id, role, platform_id, vendor_id))
    if found is None:
        return False
    if role is Role.INSTANCE_ADMIN:
        _must_not_be_last_admin(uow, user_id)
    uow.session.execute(delete(Membership).where(Membership.id == found))
    user.generation += 1
    _record(uow, user, "users.revoke", actor=actor, now=now, scope=RoleGrant(role, platform_id, vendor_id))
    return True


def _membership(user_id: int, role: Role, platform_id: int | None, vendor_id: int | None) -> Select[int]:
    return select(Membership.id).where(
        Membership.user_id == user_id,
        Membership.role == role,
        Membership.platform_id.is_not_distinct_from(platform_id),
        Membership.vendor_id.is_not_distinct_from(vendor_id),
    )


def set_password(
    uow: UnitOfWork, user_id: int, password: PasswordHash, *, actor: Actor, now: datetime, keep: int = 0
) -> None:
    """Change the password and end every session of the account but ``keep``."""
    user = locked(uow, user_id)
    user.password_hash = password
    user.generation += 1
    uow.session.execute(delete(WebSession).where(WebSession.user_id == user_id, WebSession.id != keep))
    _record(uow, user, "users.passwd", actor=actor, now=now)


def disable(uow: UnitOfWork, user_id: int, *, actor: Actor, now: datetime) -> None:
    """Lock the account out at once; disabling again changes nothing.

    Raises:
        RuleRefused: ``last_admin``: somebody has to be instance admin.
    """
    user = locked(uow, user_id)
    if not user.is_active:
        return
    admin = _membership(user_id, Role.INSTANCE_ADMIN, None, None)
    if uow.session.scalar(admin) is not None:
        _must_not_be_last_admin(uow, user_id)
    user.is_active = False
    user.generation += 1
    uow.session.execute(delete(WebSession).where(WebSession.user_id == user_id))
    _record(uow, user, "users.disable", actor=actor, now=now)


def save_profile(
    uow: UnitOfWork, user_id: int, *, name: str, locale: str | None, timezone: str | None, actor: Actor, now: datetime
) -> None:
    """Change what the account shows and how it reads; the same again changes nothing."""
    user, name = locked(uow, user_id), slugs.checked_name(name)
    if (user.name, user.locale, user.timezone) == (name, locale, timezone):
        return
    user.name, user.locale, user.timezone = name, locale, timezone
    user.generation += 1
    _record(uow, user, "users.profile", actor=actor, now=now)


def changed(
    uow: UnitOfWork, user_id: int, action: str, *, actor: Actor, now: datetime, after: dict[str, object] | None = None
) -> None:
    """Make what is cached of an account outdated, with the entry of the audit that says why."""
    user = locked(uow, user_id)
    user.generation += 1
    audit.record(
        uow, actor, action=action, target=user.email, now=now, after={"generation": user.generation, **(after or {})}
    )


def _must_not_be_last_admin(uow: UnitOfWork, user_id: int) -> None:
    others = (
        select(User.id)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.role == Role.INSTANCE_ADMIN, User.is_active, User.id != user_id)
        .order_by(User.id)
        .with_for_update()
    )
    if not uow.session.scalars(others).all():
        raise RuleRefused(
            say("This is the last admin of the instance."),
            code="last_admin",
            hint=say("Make somebody else instance-admin first."),
        )


def locked(uow: UnitOfWork, user_id: int) -> User:
    """The account, locked until the unit of work ends.

    Raises:
        Unknown: There is no such account.
    """
    found = select(User).where(User.id == user_id).with_for_update().execution_options(populate_existing=True)
    user = uow.session.scalars(found).one_or_none()
    if user is None:
        raise Unknown("user", str(user_id))
    return user


def _record(
    uow: UnitOfWork, user: User, action: str, *, actor: Actor, now: datetime, scope: RoleGrant | None = None
) -> None:
    after: dict[str, object] = {"generation": user.generation}
    platform_id = None
    if scope is not None:
        after |= {"role": scope.role.value, "platform_id": scope.platform_id, "vendor_id": scope.vendor_id}
        platform_id = scope.platform_id
        if scope.vendor_id is not None:
            platform_id = uow.session.scalar(select(Vendor.platform_id).where(Vendor.id == scope.vendor_id))
    audit.record(uow, actor, action=action, target=user.email, now=now, platform_id=platform_id, after=after)


def by_email(session: Session, email: str) -> User:
    """The account with that address.

    Raises:
        Unknown: Suggests what comes close.
    """
    address = email.strip().lower()
    found = session.scalars(select(User).where(User.email == address)).one_or_none()
    if found is None:
        raise Unknown("user", address, session.scalars(select(User.email).order_by(User.email)).all())
    return found


def by_id(session: Session, user_id: int) -> User:
    """The account as it is now.

    Raises:
        Unknown: There is none.
    """
    found = select(User).where(User.id == user_id).execution_options(populate_existing=True)
    user = session.scalars(found).one_or_none()
    if user is None:
        raise Unknown("user", str(user_id))
    return user


def listing(session: Session, *, platform_id: int | None = None, vendor_id: int | None = None) -> list[User]:
    """Accounts by address: all, those with a role on a platform or its vendors, or those of one vendor."""
    found = select(User).order_by(User.email)
    if vendor_id is not None:
        found = found.where(User.id.in_(select(Membership.user_id).where(Membership.vendor_id == vendor_id)))
    elif platform_id is not None:
        here = select(Membership.user_id).outerjoin(Vendor, Vendor.id == Membership.vendor_id)
        mine = (Membership.platform_id == platform_id) | (Vendor.platform_id == platform_id)
        found = found.where(User.id.in_(here.where(mine)))
    return list(session.scalars(found))


def roles_of(session: Session, user_ids: list[int]) -> dict[int, list[RoleView]]:
    """Account id → its roles, with the slugs of where they hold; one statement for all."""
    found = (
        select(Membership, Platform.slug.label("platform"), Vendor.slug.label("vendor"))
        .outerjoin(Platform, Platform.id == Membership.platform_id)
        .outerjoin(Vendor, Vendor.id == Membership.vendor_id)
        .where(Membership.user_id.in_(user_ids))
        .order_by(Membership.id)
    )
    views: dict[int, list[RoleView]] = {user_id: [] for user_id in user_ids}
    for row in session.execute(found):
        each: Membership = row.Membership
        view = RoleView(each.role, each.platform_id, row.platform, each.vendor_id, row.vendor)
        views[each.user_id].append(view)
    return views
