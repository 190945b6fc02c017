"""Second factors: codes of an authenticator app, and recovery codes for the day that it is lost.

The key of the app is sealed at rest; recovery codes are 80 random bits of which the row keeps the SHA-256. A code is
taken once: the step of the app's clock that it belongs to is remembered, a recovery code is marked. Source: RFC 6238.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

import pyotp
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from console.domain.actor import Actor
from console.errors import RuleRefused
from console.phrases import say
from console.services import audit, logins, opaque, users
from console.services.runtime import Runtime
from console.services.secrets import SecretUnreadable, key_id_of
from console.storage.tables import Passkey, RecoveryCode, TotpSecret, User
from console.storage.uow import UnitOfWork

ISSUER = "Module Console"
STEP_S = 30
DRIFT = 1  # steps that a clock may be off
CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is read for another
_LENGTH, _GROUP = 16, 4


@dataclass(frozen=True, slots=True)
class PasskeyView:
    """A passkey, as its owner sees it."""

    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Factors:
    """What an account has beside its password.

    Args:
        app_since: Since when an authenticator app is asked; None when none is.
        codes_left: How many recovery codes are not used yet.
    """

    app_since: datetime | None
    passkeys: tuple[PasskeyView, ...]
    codes_left: int

    @property
    def any(self) -> bool:
        """Whether a login takes more than the password."""
        return self.app_since is not None or bool(self.passkeys)


def of(session: Session, user_id: int) -> Factors:
    """What the account has beside its password."""
    left = select(func.count()).select_from(RecoveryCode)
    left = left.where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    keys = select(Passkey.id, Passkey.name, Passkey.created_at, Passkey.last_used_at)
    return Factors(
        app_since=session.scalar(select(TotpSecret.created_at).where(TotpSecret.user_id == user_id)),
        passkeys=tuple(
            PasskeyView(row.id, row.name, row.created_at, row.last_used_at)
            for row in session.execute(keys.where(Passkey.user_id == user_id).order_by(Passkey.id))
        ),
        codes_left=session.scalar(left) or 0,
    )


def fresh_key() -> str:
    """The key for a new authenticator app, in the letters that people type."""
    return pyotp.random_base32()


def address_of(key: str, email: str) -> str:
    """What the app reads from the picture: the key, whose it is and for what."""
    return pyotp.TOTP(key, interval=STEP_S).provisioning_uri(name=email, issuer_name=ISSUER)


def connect_app(
    uow: UnitOfWork, rt: Runtime, user_id: int, key: str, code: str, *, actor: Actor, now: datetime
) -> tuple[str, ...]:
    """Ask for codes of the app with that key from now on; the account's recovery codes when these are its first.

    Raises:
        RuleRefused: ``code_wrong``: the app does not show this code.
    """
    step = _step_of(key, code, now, after=0)
    if step is None:
        raise RuleRefused(
            say("This is not the code that the app shows now."),
            code="code_wrong",
            hint=say("Look at the clock of your telephone: it must be right."),
        )
    first = not of(uow.session, user_id).any
    uow.session.execute(delete(TotpSecret).where(TotpSecret.user_id == user_id))
    sealed = rt.secrets.seal(key, context=_place(user_id))
    uow.session.add(TotpSecret(user_id=user_id, sealed=sealed, last_step=step, created_at=now))
    users.changed(uow, user_id, "users.app_connect", actor=actor, now=now)
    return fresh_codes(uow, user_id) if first else ()


def disconnect_app(uow: UnitOfWork, user_id: int, *, actor: Actor, now: datetime) -> None:
    """Ask for no app any more; recovery codes go with the last factor."""
    gone = delete(TotpSecret).where(TotpSecret.user_id == user_id).returning(TotpSecret.user_id)
    if uow.session.scalar(gone) is not None:
        forget_codes_without_factor(uow, user_id)
        users.changed(uow, user_id, "users.app_disconnect", actor=actor, now=now)


def renew_codes(uow: UnitOfWork, user_id: int, *, actor: Actor, now: datetime) -> tuple[str, ...]:
    """New recovery codes; the old ones are worth nothing from now on."""
    users.changed(uow, user_id, "users.codes_renew", actor=actor, now=now)
    return fresh_codes(uow, user_id)


def reset(uow: UnitOfWork, user_id: int, *, actor: Actor, now: datetime, keep: int = 0) -> bool:
    """Take all second factors from an account whose owner lost them; False when there are none.

    Args:
        keep: The one session that does not end.
    """
    if not of(uow.session, user_id).any:
        return False
    for table in (TotpSecret, RecoveryCode, Passkey):
        uow.session.execute(delete(table).where(table.user_id == user_id))
    users.changed(uow, user_id, "users.factors_reset", actor=actor, now=now)
    logins.end_sessions(uow, user_id, keep=keep)
    return True


def reseal(uow: UnitOfWork, rt: Runtime) -> int:
    """Seal the keys of all apps with the current key of the console; how many there were that an older one sealed."""
    done = 0
    for row in uow.session.scalars(select(TotpSecret).order_by(TotpSecret.user_id).with_for_update()):
        place = _place(row.user_id)
        if key_id_of(row.sealed) == rt.secrets.key_id:
            continue
        try:
            row.sealed = rt.secrets.seal(rt.secrets.open(row.sealed, context=place), context=place)
        except SecretUnreadable:  # its owner cannot log in with it either, and has to be reset
            continue
        done += 1
    return done


def take_code(uow: UnitOfWork, rt: Runtime, user_id: int, typed: str, *, now: datetime) -> bool:
    """Whether ``typed`` is a code of the account that was not taken before; it is taken then."""
    text = "".join(typed.split()).replace("-", "").lower()
    if text.isdigit():
        return _take_app_code(uow, rt, user_id, text, now)
    mine = update(RecoveryCode).where(
        RecoveryCode.user_id == user_id,
        RecoveryCode.code_hash == opaque.digest(text),
        RecoveryCode.used_at.is_(None),
    )
    taken = uow.session.scalar(mine.values(used_at=now).returning(RecoveryCode.id))
    if taken is None:
        return False
    email = uow.session.scalars(select(User.email).where(User.id == user_id)).one()
    left = of(uow.session, user_id).codes_left
    audit.record(
        uow, Actor(email, "page", user_id), action="users.code_use", target=email, now=now, after={"left": left}
    )
    return True


def fresh_codes(uow: UnitOfWork, user_id: int) -> tuple[str, ...]:
    """Recovery codes in place of those that the account had; nobody can read them from the database."""
    uow.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = ["".join(secrets.choice(_LETTERS) for _letter in range(_LENGTH)) for _code in range(CODES)]
    uow.session.add_all(RecoveryCode(user_id=user_id, code_hash=opaque.digest(code)) for code in codes)
    return tuple("-".join(code[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP)) for code in codes)


def forget_codes_without_factor(uow: UnitOfWork, user_id: int) -> None:
    """Delete the recovery codes of an account that has nothing left to recover from."""
    if not of(uow.session, user_id).any:
        uow.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


def _take_app_code(uow: UnitOfWork, rt: Runtime, user_id: int, text: str, now: datetime) -> bool:
    found = select(TotpSecret).where(TotpSecret.user_id == user_id).with_for_update()
    row = uow.session.scalars(found.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        return False
    key = rt.secrets.open(row.sealed, context=_place(user_id))
    step = _step_of(key, text, now, after=row.last_step)
    if step is None:
        return False
    row.last_step = step
    return True


def _step_of(key: str, code: str, now: datetime, *, after: int) -> int | None:
    """The step of the clock that the code belongs to, when it is near and later than ``after``."""
    current = int(now.timestamp()) // STEP_S
    totp = pyotp.TOTP(key, interval=STEP_S)
    text = "".join(code.split())
    fits = [
        step
        for step in range(current - DRIFT, current + DRIFT + 1)
        if secrets.compare_digest(totp.generate_otp(step).encode(), text.encode())
    ]
    return next((step for step in fits if step > after), None)


def _place(user_id: int) -> str:
    return f"totp:{user_id}"
