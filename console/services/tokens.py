"""API tokens: shown once, kept as SHA-256, for a platform, a vendor or the instance, and never for ever."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from console.domain.actor import Actor
from console.domain.permissions import OPERATOR, Grants
from console.errors import Forbidden, Unknown, UsageError
from console.phrases import say
from console.services import audit, opaque, slugs
from console.services.operation_views import time_json
from console.storage.tables import ApiToken, Platform, User, Vendor
from console.storage.uow import UnitOfWork

PREFIX = "mct_"  # lets secret scanners know one when they see it


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token without its secret.

    Args:
        permissions: All that it may do; None: whatever its scope has.
        creator: E-mail address of whoever made it; None: it was made on the server.
        is_orphan: Whether its creator is locked out, which ends it.
        scope: What its platform or vendor is called; None: it is for the instance.
    """

    id: int
    name: str
    platform_id: int | None
    vendor_id: int | None
    permissions: tuple[str, ...] | None
    creator: str | None
    is_orphan: bool
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None
    scope: str | None = None

    def is_good(self, now: datetime) -> bool:
        """Whether it is accepted."""
        return self.revoked_at is None and self.expires_at > now and not self.is_orphan


@dataclass(frozen=True, slots=True)
class Creator:
    """Who makes a token, and what they may give to it.

    Args:
        user_id: Their account; None: whoever has a shell on the server.
        ends_at: When their right to make one ends; a token that makes a token gives it no longer life than its own.
    """

    user_id: int | None
    grants: Grants
    ends_at: datetime | None = None


ON_SERVER = Creator(None, OPERATOR)


def create(
    uow: UnitOfWork,
    name: str,
    *,
    expires_days: int,
    actor: Actor,
    now: datetime,
    platform_id: int | None = None,
    vendor_id: int | None = None,
    permissions: Collection[str] | None = None,
    creator: Creator = ON_SERVER,
) -> tuple[TokenView, str]:
    """A new token and its secret, which is not kept.

    Args:
        permissions: All that it may do; None: whatever its scope has and its creator may give, which is no more than
            what a token was made for that makes it.

    Raises:
        UsageError: No name, or a life of less than a day or more than ten years, or both scopes at once.
        Forbidden: It would be allowed what its creator may not give.
    """
    if not name.strip() or not 1 <= expires_days <= 3660 or (platform_id is not None and vendor_id is not None):
        raise UsageError(
            say("A token needs a name, one scope and a life of 1 to 3660 days."),
            hint=say("Write it as: tokens create --name N --expires 90"),
        )
    where = _platform_of(uow, platform_id, vendor_id)
    permissions = creator.grants.only if permissions is None else permissions
    ends_at = now + timedelta(days=expires_days)
    for permission in permissions or ():
        if not creator.grants.may_give(permission, platform_id=where, vendor_id=vendor_id):
            raise Forbidden(permission)
    secret = PREFIX + opaque.fresh()
    row = ApiToken(
        name=slugs.checked_name(name, longest=100),
        token_hash=opaque.digest(secret),
        platform_id=platform_id,
        vendor_id=vendor_id,
        user_id=creator.user_id,
        permissions=None if permissions is None else sorted(permissions),
        created_at=now,
        expires_at=ends_at if creator.ends_at is None else min(ends_at, creator.ends_at),
    )
    uow.session.add(row)
    uow.session.flush()
    _record(uow, row, "tokens.create", actor=actor, now=now)
    return get(uow.session, row.id), secret


def _platform_of(uow: UnitOfWork, platform_id: int | None, vendor_id: int | None) -> int | None:
    """The platform that a scope belongs to; None for the instance."""
    if vendor_id is None:
        return platform_id
    return uow.session.scalar(select(Vendor.platform_id).where(Vendor.id == vendor_id))


def revoke(uow: UnitOfWork, token_id: int, *, actor: Actor, now: datetime, platform_id: int | None = None) -> TokenView:
    """The token, worth nothing from now on; revoking again changes nothing.

    Args:
        platform_id: It has to be one of this platform or of its vendors; None: any.

    Raises:
        Unknown: There is no such token.
    """
    found = select(ApiToken).where(ApiToken.id == token_id).with_for_update().execution_options(populate_existing=True)
    row = uow.session.scalars(found).one_or_none()
    if row is None or platform_id not in (None, _platform_of(uow, row.platform_id, row.vendor_id)):
        raise Unknown("token", str(token_id))
    if row.revoked_at is None:
        row.revoked_at = now
        _record(uow, row, "tokens.revoke", actor=actor, now=now)
    return get(uow.session, token_id)


def _record(uow: UnitOfWork, row: ApiToken, action: str, *, actor: Actor, now: datetime) -> None:
    platform_id = _platform_of(uow, row.platform_id, row.vendor_id)
    after: dict[str, object] = {"id": row.id, "vendor_id": row.vendor_id, "expires_at": time_json(row.expires_at)}
    if row.permissions is not None:
        after["permissions"] = list(row.permissions)
    audit.record(uow, actor, action=action, target=row.name, now=now, platform_id=platform_id, after=after)


def touch(uow: UnitOfWork, token_id: int, *, now: datetime) -> None:
    """Write that the token was used."""
    row = uow.session.get(ApiToken, token_id, populate_existing=True)
    if row is not None:
        row.last_used_at = now


def get(session: Session, token_id: int) -> TokenView:
    """The token.

    Raises:
        Unknown: There is no such token.
    """
    row = session.execute(_tokens().where(ApiToken.id == token_id)).one_or_none()
    if row is None:
        raise Unknown("token", str(token_id))
    return _view(*row)


def listing(session: Session, *, platform_id: int | None = None, vendor_id: int | None = None) -> list[TokenView]:
    """Tokens, newest first: all, those of a platform, or those of a vendor."""
    found = _tokens()
    if platform_id is not None:
        found = found.where(ApiToken.platform_id == platform_id)
    if vendor_id is not None:
        found = found.where(ApiToken.vendor_id == vendor_id)
    return [_view(*row) for row in session.execute(found)]


def on_platform(session: Session, platform_id: int) -> list[TokenView]:
    """Tokens of a platform and of its vendors, newest first."""
    vendors = select(Vendor.id).where(Vendor.platform_id == platform_id)
    found = _tokens().where((ApiToken.platform_id == platform_id) | ApiToken.vendor_id.in_(vendors))
    return [_view(*row) for row in session.execute(found)]


def _tokens() -> Select[ApiToken, str | None, bool | None, str | None]:
    found = (
        select(ApiToken, User.email, User.is_active, func.coalesce(Vendor.name, Platform.name))
        .outerjoin(User, User.id == ApiToken.user_id)
        .outerjoin(Platform, Platform.id == ApiToken.platform_id)
        .outerjoin(Vendor, Vendor.id == ApiToken.vendor_id)
    )
    return found.order_by(ApiToken.id.desc()).execution_options(populate_existing=True)


def _view(row: ApiToken, creator: str | None, is_active: bool | None, scope: str | None) -> TokenView:
    return TokenView(
        id=row.id,
        name=row.name,
        platform_id=row.platform_id,
        vendor_id=row.vendor_id,
        permissions=None if row.permissions is None else tuple(row.permissions),
        creator=creator,
        is_orphan=is_active is False,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
        scope=scope,
    )
