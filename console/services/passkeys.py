"""Passkeys: a device proves by a signature that it holds the key, and that it knows its owner.

Such a login needs no password: what somebody has and what somebody is or knows come together. The signatures are
checked in ``ceremonies``; the challenge is sealed into the page and spent when it is used. Source: WebAuthn, level 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from console.domain.actor import Actor
from console.errors import RuleRefused, Unknown
from console.phrases import say
from console.services import factors, users
from console.services.views import UserView
from console.storage.tables import Passkey, User
from console.storage.uow import UnitOfWork

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Site:
    """What passkeys are bound to.

    Args:
        host: The host's name, without a port.
        origins: The addresses that pages of the console may have.
    """

    host: str
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What the browser asks the device, and the part of it that must come back signed."""

    options: str
    challenge: str


def to_register(session: Session, site: Site, user: UserView) -> Question:
    """The question for a new passkey of ``user``; devices that have one already are left out."""
    from console.services import ceremonies  # noqa: PLC0415  # a start is quicker without

    known = session.scalars(select(Passkey.credential_id).where(Passkey.user_id == user.id))
    return Question(*ceremonies.to_register(site, user, known.all()))


def to_log_in(site: Site) -> Question:
    """The question that any passkey of this console may answer."""
    from console.services import ceremonies  # noqa: PLC0415  # a start is quicker without

    return Question(*ceremonies.to_log_in(site))


def add(
    uow: UnitOfWork, site: Site, user_id: int, challenge: str, answer: str, *, name: str, actor: Actor, now: datetime
) -> tuple[str, ...]:
    """Accept the passkey from now on; the account's recovery codes when this is its first factor.

    Raises:
        RuleRefused: ``passkey_wrong``: the device's answer is not one to the question.
    """
    from console.services import ceremonies  # noqa: PLC0415  # a start is quicker without

    try:
        found = ceremonies.registered(site, challenge, answer)
    except ceremonies.NotAnAnswer as error:
        raise _wrong() from error
    if uow.session.scalar(select(Passkey.id).where(Passkey.credential_id == found.credential_id)) is not None:
        raise _wrong()
    first = not factors.of(uow.session, user_id).any
    uow.session.add(
        Passkey(
            user_id=user_id,
            name=name.strip()[:LONGEST_NAME] or "Passkey",
            credential_id=found.credential_id,
            public_key=found.credential_public_key,
            uses=found.sign_count,
            created_at=now,
        )
    )
    users.changed(uow, user_id, "users.passkey_add", actor=actor, now=now, after={"name": name.strip()})
    return factors.fresh_codes(uow, user_id) if first else ()


def remove(uow: UnitOfWork, user_id: int, passkey_id: int, *, actor: Actor, now: datetime) -> None:
    """Accept that passkey no more.

    Raises:
        Unknown: The account has none such.
    """
    gone = delete(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == user_id).returning(Passkey.name)
    name = uow.session.scalar(gone)
    if name is None:
        raise Unknown("passkey", str(passkey_id))
    factors.forget_codes_without_factor(uow, user_id)
    users.changed(uow, user_id, "users.passkey_remove", actor=actor, now=now, after={"name": name})


def owner_of(uow: UnitOfWork, site: Site, challenge: str, answer: str, *, now: datetime) -> int:
    """Id of the active account whose passkey answered the question.

    Raises:
        RuleRefused: ``passkey_wrong``: no passkey of this console, not an answer to this question, or a copied device.
    """
    from console.services import ceremonies  # noqa: PLC0415  # a start is quicker without

    try:
        credential = ceremonies.read(answer)
        key = _known(uow, credential.raw_id)
        found = ceremonies.answered(site, challenge, credential, key)
    except ceremonies.NotAnAnswer as error:
        raise _wrong() from error
    key.uses, key.last_used_at = found.new_sign_count, now
    return key.user_id


def _known(uow: UnitOfWork, credential_id: bytes) -> Passkey:
    found = select(Passkey).join(User, User.id == Passkey.user_id)
    found = found.where(Passkey.credential_id == credential_id, User.is_active).with_for_update(of=Passkey)
    key = uow.session.scalars(found.execution_options(populate_existing=True)).one_or_none()
    if key is None:
        raise _wrong()
    return key


def _wrong() -> RuleRefused:
    return RuleRefused(
        say("This passkey does not fit."), code="passkey_wrong", hint=say("Try again, or log in with your password.")
    )
