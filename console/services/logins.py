"""Logins: sessions are rows, the cookie an opaque token of which the row keeps the SHA-256."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from console.domain.actor import Actor
from console.errors import Unknown
from console.services import audit, opaque, passwords
from console.services.runtime import Runtime
from console.storage.tables import User, WebSession
from console.storage.uow import UnitOfWork

SEEN_EVERY = timedelta(minutes=5)
UNKNOWN = "?"
"""What the audit names in place of an address that no account has: people mistype passwords there."""


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session of an account, as its owner sees it."""

    id: int
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    address: str
    agent: str


def verify(session: Session, email: str, password: str) -> int | None:
    """Id of the active account that this password opens, else None.

    An unknown address, a wrong password and a disabled account take the same work and get the same answer. Call it
    outside a unit of work: hashing is slow on purpose and must not hold a lock.
    """
    address = email.strip().lower()[:254]
    columns = select(User.id, User.password_hash, User.is_active)
    user = session.execute(columns.where(User.email == address)).one_or_none()
    fits = passwords.verify(None if user is None else user.password_hash, password)
    return user.id if user is not None and fits and user.is_active else None


def start_session(
    uow: UnitOfWork, rt: Runtime, user_id: int, *, now: datetime, address: str = "", agent: str = ""
) -> str:
    """The token of a new session; nobody can read it from the database."""
    token = opaque.fresh()
    email, generation = uow.session.execute(select(User.email, User.generation).where(User.id == user_id)).one()
    uow.session.add(
        WebSession(
            token_hash=opaque.digest(token),
            user_id=user_id,
            csrf_token=opaque.fresh(),
            created_at=now,
            expires_at=_expiry(rt, created_at=now, now=now),
            last_seen_at=now,
            address=address[:64],
            agent=agent[:255],
            generation=generation,
            proved_at=now,
        )
    )
    audit.record(uow, Actor(email, "page", user_id), action="sessions.start", target=email, now=now)
    return token


def rotate(uow: UnitOfWork, token_hash: bytes, *, now: datetime, keep_former: bool) -> str | None:
    """A new token for the session that ``token_hash`` opens; None when another request was first, or it has ended.

    Args:
        keep_former: Let the former token be good for moments more, for requests that are on their way.
    """
    token = opaque.fresh()
    generation = select(User.generation).where(User.id == WebSession.user_id).scalar_subquery()
    mine = update(WebSession).where(WebSession.token_hash == token_hash).returning(WebSession.id)
    values = {"token_hash": opaque.digest(token), "former_hash": token_hash if keep_former else None, "rotated_at": now}
    mine = mine.values(**values, generation=generation).execution_options(synchronize_session=False)
    return token if uow.session.scalar(mine) is not None else None


def proved(uow: UnitOfWork, session_id: int, *, now: datetime) -> None:
    """Remember that the person of the session has just proved who it is."""
    uow.session.execute(update(WebSession).where(WebSession.id == session_id).values(proved_at=now))


def record_refused(uow: UnitOfWork, email: str, *, now: datetime, request_id: str | None) -> None:
    """Write into the audit that a login was wrong, once a minute with a count; only an account's address is named."""
    address = email.strip().lower()[:254]
    target = uow.session.scalar(select(User.email).where(User.email == address)) or UNKNOWN
    actor = Actor(target, "page", request_id=request_id)
    audit.record(uow, actor, action="sessions.refuse", target=target, now=now, once=())


def _expiry(rt: Runtime, *, created_at: datetime, now: datetime) -> datetime:
    idle = now + timedelta(seconds=rt.settings.session_idle_s)
    return min(idle, created_at + timedelta(seconds=rt.settings.session_max_s))


def end_session(uow: UnitOfWork, session_id: int, *, actor: Actor, now: datetime) -> None:
    """End one session; the cookie is worth nothing from then on."""
    ended = delete(WebSession).where(WebSession.id == session_id).returning(WebSession.user_id)
    user_id = uow.session.scalar(ended)
    if user_id is not None:
        email = uow.session.scalars(select(User.email).where(User.id == user_id)).one()
        audit.record(uow, actor, action="sessions.end", target=email, now=now)


def end_one(uow: UnitOfWork, user_id: int, session_id: int, *, actor: Actor, now: datetime) -> None:
    """End one live session of an account.

    Raises:
        Unknown: The account has no such session.
    """
    if session_id not in {each.id for each in sessions_of(uow.session, user_id, now=now)}:
        raise Unknown("session", str(session_id))
    end_session(uow, session_id, actor=actor, now=now)


def end_sessions(uow: UnitOfWork, user_id: int, *, keep: int = 0) -> int:
    """End every session of an account but ``keep``; how many ended."""
    ended = delete(WebSession).where(WebSession.user_id == user_id, WebSession.id != keep).returning(WebSession.id)
    return len(uow.session.scalars(ended).all())


def is_seen_late(last_seen_at: datetime, now: datetime) -> bool:
    """Whether the session's ``last_seen_at`` is old enough to be written again."""
    return now - last_seen_at >= SEEN_EVERY


def touch(uow: UnitOfWork, rt: Runtime, session_id: int, *, now: datetime) -> bool:
    """Write that the session is in use and let it live on; False, and nothing written, within five minutes."""
    found = select(WebSession.created_at, WebSession.last_seen_at).where(WebSession.id == session_id)
    row = uow.session.execute(found).one_or_none()
    if row is None or not is_seen_late(row.last_seen_at, now):
        return False
    expires_at = _expiry(rt, created_at=row.created_at, now=now)
    mine = update(WebSession).where(WebSession.id == session_id)
    uow.session.execute(mine.values(last_seen_at=now, expires_at=expires_at))
    return True


def sessions_of(session: Session, user_id: int, *, now: datetime) -> list[SessionView]:
    """The live sessions of an account, last used first."""
    found = select(WebSession).where(WebSession.user_id == user_id, WebSession.expires_at > now)
    rows = session.scalars(found.order_by(WebSession.last_seen_at.desc()).execution_options(populate_existing=True))
    return [SessionView(r.id, r.created_at, r.last_seen_at, r.expires_at, r.address, r.agent) for r in rows]


def forget_expired(uow: UnitOfWork, now: datetime) -> int:
    """Delete sessions that have ended; how many there were."""
    gone = delete(WebSession).where(WebSession.expires_at <= now).returning(WebSession.id)
    return len(uow.session.scalars(gone).all())


def last_seen(session: Session) -> dict[int, datetime]:
    """Account id → when it was seen last, as far as a login of it is still kept; one statement for all."""
    found = select(WebSession.user_id, func.max(WebSession.last_seen_at).label("seen")).group_by(WebSession.user_id)
    return {row.user_id: row.seen for row in session.execute(found)}
