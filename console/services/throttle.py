"""Waiting after wrong logins: by account, by address and over all, in the database, so that every process knows.

A try is counted before anything is hashed and taken back when it was right: tries that come at once count as well as
those that come one after the other. Accounts that do not exist wait like those that do.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from console.domain.actor import Actor
from console.domain.waiting import LIMITS, Level, Tried, after_success, after_try, wait_s
from console.errors import TooManyTries
from console.phrases import Phrase, say, say_count
from console.services import audit, users
from console.services.runtime import Runtime
from console.services.upsert import upsert
from console.storage.tables import LoginThrottle
from console.storage.uow import UnitOfWork

KEPT = timedelta(days=1)
_IPV6_SITE = 64  # bits
_SECONDS = 90  # a longer wait is told in minutes
_Key = tuple[Tried, bytes]


@dataclass(frozen=True, slots=True)
class Try:
    """Who tries from where.

    Args:
        account: The e-mail address as it was typed; empty when a passkey is tried, which names its account by itself.
        address: The network address of the browser.
        kind: Whether the password is tried, or the code of a second factor.
    """

    account: str
    address: str
    kind: Tried = Tried.ACCOUNT


def admit(uow: UnitOfWork, rt: Runtime, tried: Try, now: datetime) -> None:
    """Count a try, before it is known whether it is right.

    Raises:
        TooManyTries: Too many were wrong of late; it says when the next may come.
    """
    found = _read(uow, _keys(rt, tried), now)
    waits_s = max(wait_s(level, now) for level in found.values())
    if waits_s:
        raise TooManyTries(_when(waits_s), retry_after_s=waits_s)
    for key, level in found.items():
        _write(uow, key, after_try(level, now, limit=LIMITS[key[0]]))


def was_right(uow: UnitOfWork, rt: Runtime, tried: Try, now: datetime) -> None:
    """Take the counted try back; what was wrong with the account is forgotten, what came from the address stays."""
    found = _read(uow, _keys(rt, tried), now)  # in the order of every try: two that wait for each other end neither
    _forget(uow, [key for key in found if key[0] is tried.kind])
    for key, level in found.items():
        if level is not None and key[0] is not tried.kind:
            _write(uow, key, after_success(level, now, limit=LIMITS[key[0]]))


def unlock(uow: UnitOfWork, rt: Runtime, user_id: int, *, actor: Actor, now: datetime) -> None:
    """Let the owner of an account try again at once.

    Raises:
        Unknown: There is no such account.
    """
    email = users.by_id(uow.session, user_id).email
    _forget(uow, [_key(rt, kind, _account(email)) for kind in (Tried.ACCOUNT, Tried.CODE)])
    audit.record(uow, actor, action="users.unlock", target=email, now=now)


def forget_old(uow: UnitOfWork, now: datetime) -> None:
    """Delete what has leaked away long since."""
    uow.session.execute(delete(LoginThrottle).where(LoginThrottle.counted_at < now - KEPT))


def _keys(rt: Runtime, tried: Try) -> list[_Key]:
    """What the try counts for; the key that all share comes first, and so lets the tries take turns."""
    keys = [_key(rt, Tried.ALL, ""), _key(rt, Tried.ADDRESS, _site(tried.address))]
    return [*keys, _key(rt, tried.kind, _account(tried.account))] if tried.account else keys


def _key(rt: Runtime, kind: Tried, text: str) -> _Key:
    secret = rt.secrets.derive("login-throttle")
    return kind, hmac.digest(secret, f"{kind}:{text}".encode(), "sha256")


def _account(email: str) -> str:
    return email.strip().lower()[:254]


def _site(address: str) -> str:
    """What one household or machine has: an IPv4 address, or the first half of an IPv6 one."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, _IPV6_SITE), strict=False))


def _read(uow: UnitOfWork, keys: Sequence[_Key], now: datetime) -> dict[_Key, Level | None]:
    """The levels of ``keys``, locked until the unit of work ends."""
    found: dict[_Key, Level | None] = {}
    for kind, subject in keys:
        if kind is Tried.ALL:  # a row that is not there cannot be locked
            upsert(uow, LoginThrottle, _values((kind, subject), Level(0, now)), key=["kind", "subject"], keep=True)
        mine = (LoginThrottle.kind == kind, LoginThrottle.subject == subject)
        columns = select(LoginThrottle.level, LoginThrottle.counted_at, LoginThrottle.waits_until)
        row = uow.session.execute(columns.where(*mine).with_for_update()).one_or_none()
        found[kind, subject] = None if row is None else Level(row.level, row.counted_at, row.waits_until)
    return found


def _write(uow: UnitOfWork, key: _Key, level: Level) -> None:
    upsert(uow, LoginThrottle, _values(key, level), key=["kind", "subject"])


def _values(key: _Key, level: Level) -> dict[str, object]:
    times = {"counted_at": level.counted_at, "waits_until": level.waits_until}
    return {"kind": key[0].value, "subject": key[1], "level": level.level, **times}


def _forget(uow: UnitOfWork, keys: Sequence[_Key]) -> None:
    for kind, subject in keys:
        gone = delete(LoginThrottle).where(LoginThrottle.kind == kind, LoginThrottle.subject == subject)
        uow.session.execute(gone)


def _when(waits_s: int) -> Phrase:
    if waits_s <= _SECONDS:
        when = say_count("Try again in %(num)s second.", "Try again in %(num)s seconds.", waits_s)
    else:
        when = say_count("Try again in %(num)s minute.", "Try again in %(num)s minutes.", -(-waits_s // 60))
    return say("Too many tries were wrong. %(when)s", when=when)
