"""The one statement that a warm request needs before its view: who asks, for which tenant, at which revision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Row,
    Select,
    bindparam,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.orm import Session

from console.services.views import PlatformView, VendorView
from console.storage.tables import ApiToken, ModuleRequest, Platform, User, Vendor, WebSession

Who = Literal["session", "token", "nobody"]
Where = Literal["platform", "vendor", "scope"]
FORMER_LIVES = timedelta(seconds=30)
"""How long a session's former token is good, for requests that were on their way when it changed."""

_sessions, _tokens = WebSession.__table__, ApiToken.__table__
_users, _platforms, _vendors = User.__table__, Platform.__table__, Vendor.__table__
_requests = ModuleRequest.__table__


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """The session that the cookie names, and its account.

    Args:
        generation: What the account has now.
        known_generation: What it had when the session got its token.
        former_since: Since when this token is the former one; None when it is the current one.
    """

    id: int
    csrf_token: str
    expires_at: datetime
    last_seen_at: datetime
    user_id: int
    generation: int
    is_active: bool
    known_generation: int | None
    proved_at: datetime | None
    former_since: datetime | None

    def is_good(self, now: datetime) -> bool:
        """Whether the session still stands for its account, and this token for the session."""
        outdated = self.former_since is not None and self.former_since + FORMER_LIVES <= now
        return self.is_active and self.expires_at > now and not outdated

    @property
    def needs_token(self) -> bool:
        """Whether what the account may do has changed since the session got its token."""
        return self.former_since is None and self.known_generation != self.generation


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """The API token that the request bears, and the account that made it.

    Args:
        permissions: All that it was made for; None: whatever its scope has.
        user_id: None: it was made on the server.
    """

    id: int
    name: str
    platform_id: int | None
    vendor_id: int | None
    permissions: list[str] | None
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None
    user_id: int | None
    generation: int | None
    is_active: bool | None

    def is_good(self, now: datetime) -> bool:
        """Whether the token is accepted: not when its creator is locked out."""
        return self.revoked_at is None and self.expires_at > now and (self.user_id is None or bool(self.is_active))


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """What one statement found; each part is None when there is nothing of that name.

    Args:
        platform: The platform of the URL, of the URL's vendor, or of the token's scope.
        revision: The platform's revision, the key of its snapshot.
        open_requests: How many requests for modules wait on the platform that the URL names.
    """

    session: SessionFacts | None
    token: TokenFacts | None
    platform: PlatformView | None
    revision: int
    archived: bool
    vendor: VendorView | None
    open_requests: int = 0


def request_facts(
    session: Session,
    *,
    session_hash: bytes | None = None,
    token_hash: bytes | None = None,
    platform_slug: str | None = None,
    vendor_slug: str | None = None,
) -> RequestFacts:
    """All that stands in the database about this request, in exactly one statement.

    Without a slug the tenant is that of the token's scope.
    """
    who: Who = "session" if session_hash is not None else "token" if token_hash is not None else "nobody"
    where: Where = "vendor" if vendor_slug is not None else "platform" if platform_slug is not None else "scope"
    given = {"who": session_hash if who == "session" else token_hash, "slug": vendor_slug or platform_slug}
    statement = _statement(who, where)
    # On the session's own connection, past the ORM: this runs in every request.
    row = session.connection().execute(statement, {name: given[name] for name in _names(who, where)}).one()
    return RequestFacts(
        session=_session_facts(row, session_hash) if who == "session" and row.session_id is not None else None,
        token=_token_facts(row) if who == "token" and row.token_id is not None else None,
        platform=None
        if row.platform_id is None
        else PlatformView(row.platform_id, row.platform_slug, row.platform_name),
        revision=row.revision or 0,
        archived=row.archived_at is not None or row.vendor_archived_at is not None,
        vendor=None
        if row.vendor_id is None
        else VendorView(row.vendor_id, row.vendor_slug, row.vendor_name, row.platform_id, row.vendor_created_at),
        open_requests=row.open_requests,
    )


def _names(who: Who, where: Where) -> tuple[str, ...]:
    return (*(("who",) if who != "nobody" else ()), *(("slug",) if where != "scope" else ()))


@cache
def _statement(who: Who, where: Where) -> Select[*tuple[Any, ...]]:  # its columns vary
    """One row, always: everything hangs on a constant by outer joins."""
    columns: list[ColumnElement[Any]] = []
    base: FromClause = select(literal(1).label("one")).subquery("request")
    if who == "session":
        given: BindParameter[bytes] = bindparam("who")
        base = base.outerjoin(_sessions, or_(_sessions.c.token_hash == given, _sessions.c.former_hash == given))
        base = base.outerjoin(_users, _users.c.id == _sessions.c.user_id)
        columns += [_sessions.c.id.label("session_id"), *_pick(_sessions, "csrf_token", "expires_at", "last_seen_at")]
        columns += [*_pick(_sessions, "token_hash", "rotated_at", "proved_at"), _known_generation]
        columns += [_users.c.id.label("user_id"), *_pick(_users, "generation", "is_active")]
    elif who == "token":
        base = base.outerjoin(_tokens, _tokens.c.token_hash == bindparam("who"))
        base = base.outerjoin(_users, _users.c.id == _tokens.c.user_id)
        columns += [_tokens.c[name].label(f"token_{name}") for name in _TOKEN]
        columns += _pick(_users, "generation", "is_active")
    base, with_vendor = _join_tenant(base, who, where)
    columns += [_platforms.c.id.label("platform_id"), _platforms.c.slug.label("platform_slug")]
    columns += [_platforms.c.name.label("platform_name"), *_pick(_platforms, "revision", "archived_at")]
    for name in ("id", "slug", "name", "created_at", "archived_at"):
        columns.append((_vendors.c[name] if with_vendor else null()).label(f"vendor_{name}"))
    columns.append((_open_requests() if where == "platform" else literal(0)).label("open_requests"))
    return select(*columns).select_from(base)


_known_generation = _sessions.c.generation.label("known_generation")


def _open_requests() -> ColumnElement[int]:
    """Read off an index by the way, so that the menu of admins can count them without a statement of its own."""
    mine = (_requests.c.platform_id == _platforms.c.id, _requests.c.answered_at.is_(None))
    return select(func.count()).select_from(_requests).where(*mine).correlate(_platforms).scalar_subquery()


_TOKEN = [
    "id",
    "name",
    "platform_id",
    "vendor_id",
    "permissions",
    "expires_at",
    "revoked_at",
    "last_used_at",
    "user_id",
]


def _pick(table: FromClause, *names: str) -> list[ColumnElement[Any]]:
    return [table.c[name] for name in names]


def _join_tenant(base: FromClause, who: Who, where: Where) -> tuple[FromClause, bool]:
    if where == "platform":
        return base.outerjoin(_platforms, _platforms.c.slug == bindparam("slug")), False
    if where == "vendor":
        base = base.outerjoin(_vendors, _vendors.c.slug == bindparam("slug"))
        return base.outerjoin(_platforms, _platforms.c.id == _vendors.c.platform_id), True
    if who != "token":
        return base.outerjoin(_platforms, literal(1) == literal(0)), False
    base = base.outerjoin(_vendors, _vendors.c.id == _tokens.c.vendor_id)
    own = func.coalesce(_tokens.c.platform_id, _vendors.c.platform_id)
    return base.outerjoin(_platforms, _platforms.c.id == own), True


def _session_facts(row: Row[*tuple[Any, ...]], given: bytes | None) -> SessionFacts:
    return SessionFacts(
        id=row.session_id,
        csrf_token=row.csrf_token,
        expires_at=row.expires_at,
        last_seen_at=row.last_seen_at,
        user_id=row.user_id,
        generation=row.generation,
        is_active=row.is_active,
        known_generation=row.known_generation,
        proved_at=row.proved_at,
        former_since=None if row.token_hash == given else row.rotated_at,
    )


def _token_facts(row: Row[*tuple[Any, ...]]) -> TokenFacts:
    own = {name: getattr(row, f"token_{name}") for name in _TOKEN}
    return TokenFacts(**own, generation=row.generation, is_active=row.is_active)
