"""API tokens: shown once, kept as SHA-256, for a platform, a vendor or the instance, and never for ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.actor import Actor
from console.domain.permissions import Grants, RoleGrant, grants
from console.domain.words import Role
from console.errors import Unknown, UsageError
from console.phrases import say
from console.services import audit, opaque, slugs
from console.services.operation_views import time_json
from console.storage.tables import ApiToken, Vendor
from console.storage.uow import UnitOfWork

PREFIX = "mct_"  # lets secret scanners know one when they see it


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token without its secret."""

    id: int
    name: str
    platform_id: int | None
    vendor_id: int | None
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None

    @property
    def grants(self) -> Grants:
        """What the token may do: all of an admin's on its platform, an owner's at its vendor, or on the instance."""
        if self.vendor_id is not None:
            return grants([RoleGrant(Role.VENDOR_OWNER, vendor_id=self.vendor_id)])
        if self.platform_id is not None:
            return grants([RoleGrant(Role.PLATFORM_ADMIN, platform_id=self.platform_id)])
        return grants([RoleGrant(Role.INSTANCE_ADMIN)])

    def is_good(self, now: datetime) -> bool:
        """Whether it is accepted."""
        return self.revoked_at is None and self.expires_at > now


def create(
    uow: UnitOfWork,
    name: str,
    *,
    expires_days: int,
    actor: Actor,
    now: datetime,
    platform_id: int | None = None,
    vendor_id: int | None = None,
) -> tuple[TokenView, str]:
    """A new token and its secret, which is not kept.

    Raises:
        UsageError: No name, or a life of less than a day or more than ten years, or both scopes at once.
    """
    if not name.strip() or not 1 <= expires_days <= 3660 or (platform_id is not None and vendor_id is not None):
        raise UsageError(
            say("A token needs a name, one scope and a life of 1 to 3660 days."),
            hint=say("Write it as: tokens create --name N --expires 90"),
        )
    secret = PREFIX + opaque.fresh()
    row = ApiToken(
        name=slugs.checked_name(name, longest=100),
        token_hash=opaque.digest(secret),
        platform_id=platform_id,
        vendor_id=vendor_id,
        created_at=now,
        expires_at=now + timedelta(days=expires_days),
    )
    uow.session.add(row)
    uow.session.flush()
    _record(uow, row, "tokens.create", actor=actor, now=now)
    return _view(row), secret


def revoke(uow: UnitOfWork, token_id: int, *, actor: Actor, now: datetime) -> TokenView:
    """The token, worth nothing from now on; revoking again changes nothing.

    Raises:
        Unknown: There is no such token.
    """
    found = select(ApiToken).where(ApiToken.id == token_id).with_for_update().execution_options(populate_existing=True)
    row = uow.session.scalars(found).one_or_none()
    if row is None:
        raise Unknown("token", str(token_id))
    if row.revoked_at is None:
        row.revoked_at = now
        _record(uow, row, "tokens.revoke", actor=actor, now=now)
    return _view(row)


def _record(uow: UnitOfWork, row: ApiToken, action: str, *, actor: Actor, now: datetime) -> None:
    platform_id = row.platform_id
    if row.vendor_id is not None:
        platform_id = uow.session.scalar(select(Vendor.platform_id).where(Vendor.id == row.vendor_id))
    after = {"id": row.id, "vendor_id": row.vendor_id, "expires_at": time_json(row.expires_at)}
    audit.record(uow, actor, action=action, target=row.name, now=now, platform_id=platform_id, after=after)


def lookup(session: Session, secret: str, *, now: datetime) -> TokenView | None:
    """The good token with that secret, else None."""
    found = select(ApiToken).where(ApiToken.token_hash == opaque.digest(secret))
    row = session.scalars(found.execution_options(populate_existing=True)).one_or_none()
    return _view(row) if row is not None and _view(row).is_good(now) else None


def touch(uow: UnitOfWork, token_id: int, *, now: datetime) -> None:
    """Write that the token was used."""
    row = uow.session.get(ApiToken, token_id, populate_existing=True)
    if row is not None:
        row.last_used_at = now


def listing(session: Session, *, platform_id: int | None = None, vendor_id: int | None = None) -> list[TokenView]:
    """Tokens, newest first: all, those of a platform, or those of a vendor."""
    found = select(ApiToken).order_by(ApiToken.id.desc())
    if platform_id is not None:
        found = found.where(ApiToken.platform_id == platform_id)
    if vendor_id is not None:
        found = found.where(ApiToken.vendor_id == vendor_id)
    return [_view(row) for row in session.scalars(found.execution_options(populate_existing=True))]


def _view(row: ApiToken) -> TokenView:
    return TokenView(
        id=row.id,
        name=row.name,
        platform_id=row.platform_id,
        vendor_id=row.vendor_id,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
    )
