"""Tenants and people that a search may find: only those that the person may see, in a fixed number of statements."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import false, select
from sqlalchemy.orm import Session

from console.domain.permissions import INSTANCE, Grants
from console.storage.tables import Platform, User, Vendor


@dataclass(frozen=True, slots=True)
class FoundPlatform:
    """A platform that the person may open."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class FoundVendor:
    """A vendor with the platform that it belongs to."""

    id: int
    slug: str
    name: str
    platform_id: int
    platform: str
    platform_name: str


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """An account."""

    email: str
    name: str


def platforms(session: Session, grants: Grants) -> list[FoundPlatform]:
    """The live platforms whose first page the person or the program may open, by name."""
    found = (
        select(Platform.id, Platform.slug, Platform.name).where(Platform.archived_at.is_(None)).order_by(Platform.name)
    )
    if not grants.is_instance_admin:
        found = found.where(Platform.id.in_(grants.platforms) if grants.platforms else false())
    rows = session.execute(found)
    return [FoundPlatform(row.slug, row.name) for row in rows if grants.allows("platform.view", platform_id=row.id)]


def vendors(session: Session, grants: Grants) -> list[FoundVendor]:
    """The live vendors that the person works for, or sees as an admin of their platform, by name."""
    columns = (Vendor.id, Vendor.slug, Vendor.name, Vendor.platform_id, Platform.slug, Platform.name)
    found = (
        select(*columns)
        .join(Platform, Platform.id == Vendor.platform_id)
        .where(Vendor.archived_at.is_(None), Platform.archived_at.is_(None))
        .order_by(Vendor.name)
    )
    if not grants.is_instance_admin:
        here = [each for each in grants.platforms if grants.allows("vendors.view", platform_id=each)]
        found = found.where(Vendor.platform_id.in_(here) | Vendor.id.in_(list(grants.vendors)))
    return [each for each in (FoundVendor(*row) for row in session.execute(found)) if _may_see(each, grants)]


def people(session: Session, grants: Grants) -> list[FoundPerson]:
    """The accounts of the instance by address, for whoever manages it."""
    if not grants.allows(INSTANCE):
        return []
    found = select(User.email, User.name).where(User.is_active).order_by(User.email)
    return [FoundPerson(row.email, row.name) for row in session.execute(found)]


def _may_see(vendor: FoundVendor, grants: Grants) -> bool:
    """Whether the vendor is in a list that is theirs to read, or has a first page that is; a token may lack both."""
    here = vendor.platform_id
    return grants.allows("vendors.view", platform_id=here) or (
        grants.sees_vendor(vendor.id) and grants.allows("vendor.view", platform_id=here, vendor_id=vendor.id)
    )
