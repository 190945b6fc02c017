"""Which vendors of a platform were active last: a login of a member, a token in use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.storage.tables import ApiToken, Membership, Vendor, WebSession


@dataclass(frozen=True, slots=True)
class VendorActivity:
    """A vendor with when somebody was last seen there; None when nobody ever was, or the login has ended."""

    slug: str
    name: str
    created_at: datetime
    seen_at: datetime | None


def latest(session: Session, platform_id: int, *, limit: int) -> list[VendorActivity]:
    """The vendors of the platform that are new or were active last, archived ones left out; one statement."""
    members = (
        select(func.max(WebSession.last_seen_at))
        .join(Membership, Membership.user_id == WebSession.user_id)
        .where(Membership.vendor_id == Vendor.id)
        .correlate(Vendor)
        .scalar_subquery()
    )
    tokens = select(func.max(ApiToken.last_used_at)).where(ApiToken.vendor_id == Vendor.id).correlate(Vendor)
    seen = (members.label("member"), tokens.scalar_subquery().label("token"))
    found = (
        select(Vendor.slug, Vendor.name, Vendor.created_at, *seen)
        .where(Vendor.platform_id == platform_id, Vendor.archived_at.is_(None))
        .order_by(func.coalesce(*seen, Vendor.created_at).desc(), Vendor.slug)
        .limit(limit)
    )
    return [
        VendorActivity(row.slug, row.name, row.created_at, max(filter(None, (row.member, row.token)), default=None))
        for row in session.execute(found)
    ]


def created_since(session: Session, platform_id: int, since: datetime) -> int:
    """How many vendors the platform has got since then."""
    counted = select(func.count()).where(Vendor.platform_id == platform_id, Vendor.created_at >= since)
    return session.scalar(counted.where(Vendor.archived_at.is_(None))) or 0
