"""The one-time link that creates the first admin; there is one at a time, and one winner."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from console.domain.actor import SYSTEM, Actor
from console.domain.words import Role
from console.errors import RuleRefused, Unknown
from console.phrases import say
from console.services import audit, opaque, passwords, users
from console.services.passwords import PasswordHash
from console.services.runtime import Runtime
from console.services.upsert import upsert
from console.storage.tables import Membership, SetupClaim, User, Vendor
from console.storage.uow import UnitOfWork

_ONLY = 1  # one row, so that two links are never good at once


@dataclass(frozen=True, slots=True)
class VendorLogin:
    """A login made for a vendor; the password is shown once and not kept."""

    vendor: str
    email: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DrawnLogin:
    """A login that is ready to be made; its hash took the time that no unit of work should take."""

    login: VendorLogin
    vendor_id: int
    name: str
    password: PasswordHash = field(repr=False)


def is_open(session: Session) -> bool:
    """Whether the instance still waits for its first admin."""
    claimed = select(SetupClaim.id).where(SetupClaim.claimed_at.is_not(None)).limit(1)
    admin = select(Membership.id).where(Membership.role == Role.INSTANCE_ADMIN).limit(1)
    return session.scalar(claimed) is None and session.scalar(admin) is None


def fresh_link(uow: UnitOfWork, now: datetime, actor: Actor = SYSTEM) -> str:
    """The token of a new link; an older one is worth nothing from now on.

    Raises:
        RuleRefused: ``setup_done``: there is an admin.
    """
    if not is_open(uow.session):
        raise RuleRefused(
            say("The instance has its first admin already."),
            code="setup_done",
            hint=say("Log in, or use `users passwd`."),
        )
    token = opaque.fresh()
    values = {"id": _ONLY, "token_hash": opaque.digest(token), "created_at": now, "claimed_at": None}
    upsert(uow, SetupClaim, values, key=["id"])
    audit.record(uow, actor, action="setup.link", target="setup", now=now)
    return token


def is_good(session: Session, token: str) -> bool:
    """Whether the link with that token still opens the page."""
    found = select(SetupClaim.id).where(SetupClaim.token_hash == opaque.digest(token), SetupClaim.claimed_at.is_(None))
    return session.scalar(found) is not None and is_open(session)


def claim(uow: UnitOfWork, token: str, *, email: str, password: PasswordHash, now: datetime, name: str = "") -> User:
    """The first admin; whoever comes second finds nothing.

    Raises:
        Unknown: The link was used or replaced, or there is an admin.
        UsageError: The address is none; the link stays good.
    """
    mine = (
        update(SetupClaim)
        .where(SetupClaim.token_hash == opaque.digest(token), SetupClaim.claimed_at.is_(None))
        .values(claimed_at=now)
        .returning(SetupClaim.id)
    )
    admin = select(Membership.id).where(Membership.role == Role.INSTANCE_ADMIN).limit(1)
    won = uow.session.execute(mine.execution_options(synchronize_session=False)).one_or_none()
    if won is None or uow.session.scalar(admin) is not None:
        raise Unknown("page", "/setup")
    address = users.normal_email(email)
    actor = Actor(name=address, source="page")
    return users.create(uow, address, role=Role.INSTANCE_ADMIN, password=password, name=name, actor=actor, now=now)


def first_admin(uow: UnitOfWork, rt: Runtime, *, password: PasswordHash, now: datetime) -> User | None:
    """The admin that the settings name, made while the instance waits for one; None afterwards."""
    if not rt.settings.admin_email or not is_open(uow.session):
        return None
    role = Role.INSTANCE_ADMIN
    return users.create(uow, rt.settings.admin_email, role=role, password=password, actor=SYSTEM, now=now)


def draw_logins(session: Session, *, domain: str) -> list[DrawnLogin]:
    """An owner's login for each vendor that has none, with a generated password; nothing is stored yet.

    Args:
        domain: What stands behind the ``@``.
    """
    found = session.scalars(_without_owner().order_by(Vendor.slug)).all()
    drawn = []
    for vendor in found:
        login = VendorLogin(vendor.slug, f"{vendor.slug}@{domain}", passwords.generate())
        drawn.append(DrawnLogin(login, vendor.id, vendor.name, passwords.hash(login.password)))
    return drawn


def add_logins(uow: UnitOfWork, drawn: Iterable[DrawnLogin], *, actor: Actor, now: datetime) -> list[VendorLogin]:
    """Make those logins, but none for a vendor that got an owner meanwhile; what was made."""
    waiting = {vendor.id for vendor in uow.session.scalars(_without_owner())}
    made = []
    for each in drawn:
        if each.vendor_id in waiting:
            users.create(
                uow,
                each.login.email,
                role=Role.VENDOR_OWNER,
                vendor_id=each.vendor_id,
                password=each.password,
                name=each.name,
                actor=actor,
                now=now,
            )
            made.append(each.login)
    return made


def _without_owner() -> Select[Vendor]:
    owned = select(Membership.vendor_id).where(Membership.vendor_id.is_not(None))
    return select(Vendor).where(Vendor.id.not_in(owned), Vendor.archived_at.is_(None))
