"""Vendors: merchants on one platform."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.domain.actor import Actor
from console.errors import Unknown
from console.services import audit, slugs
from console.services.locked import lock
from console.services.operations import must_be_alive
from console.services.runtime import Runtime
from console.services.views import VendorView
from console.storage.tables import Vendor
from console.storage.uow import UnitOfWork


def create(
    uow: UnitOfWork, rt: Runtime, platform_id: int, slug: str, *, name: str, actor: Actor, now: datetime
) -> Vendor:
    """A new vendor on the platform.

    Raises:
        UsageError: The slug cannot stand in a URL.
        RuleRefused: ``vendor_exists`` (slugs are unique in the instance) or ``platform_archived``.
    """
    slugs.checked(slug)
    held = lock(uow, rt, platform_id, now)
    must_be_alive(held)
    if uow.session.scalar(select(Vendor.id).where(Vendor.slug == slug)) is not None:
        raise slugs.taken("vendor", slug)
    vendor = Vendor(platform_id=platform_id, slug=slug, name=slugs.checked_name(name) or slug, created_at=now)
    with slugs.unique("vendor", slug):
        uow.session.add(vendor)
        uow.session.flush()
    after = {"slug": slug, "name": vendor.name}
    audit.record(uow, actor, action="vendors.create", target=slug, now=now, platform_id=platform_id, after=after)
    return vendor


def by_slug(session: Session, slug: str) -> Vendor:
    """The vendor with that slug.

    Raises:
        Unknown: Suggests what comes close.
    """
    found = session.scalars(select(Vendor).where(Vendor.slug == slug)).one_or_none()
    if found is None:
        raise Unknown("vendor", slug, session.scalars(select(Vendor.slug).order_by(Vendor.slug)).all())
    return found


def of_platform(session: Session, platform_id: int, slug: str) -> VendorView:
    """The platform's vendor with that slug; one of another platform is as unknown as none.

    Raises:
        Unknown: Suggests what comes close, of the platform's own.
    """
    here = select(Vendor).where(Vendor.platform_id == platform_id, Vendor.slug == slug, Vendor.archived_at.is_(None))
    found = session.scalars(here).one_or_none()
    if found is None:
        raise Unknown("vendor", slug, [each.slug for each in listing(session, platform_id)])
    return VendorView(found.id, found.slug, found.name, platform_id, found.created_at)


def listing(session: Session, platform_id: int | None = None, *, archived: bool = False) -> list[Vendor]:
    """Vendors by slug, of one platform or of all; archived ones only when asked for."""
    found = select(Vendor).order_by(Vendor.slug)
    if platform_id is not None:
        found = found.where(Vendor.platform_id == platform_id)
    if not archived:
        found = found.where(Vendor.archived_at.is_(None))
    return list(session.scalars(found))


def count(session: Session, platform_id: int) -> int:
    """How many vendors the platform has, archived ones left out."""
    alive = select(func.count()).where(Vendor.platform_id == platform_id, Vendor.archived_at.is_(None))
    return session.scalar(alive) or 0


def counts(session: Session) -> dict[int, int]:
    """Platform id → how many vendors it has, archived ones left out; platforms without any are not in it."""
    alive = select(Vendor.platform_id, func.count().label("vendors")).where(Vendor.archived_at.is_(None))
    alive = alive.group_by(Vendor.platform_id)
    return {row.platform_id: row.vendors for row in session.execute(alive)}


def any_on(session: Session, vendor_ids: Collection[int], platform_id: int) -> bool:
    """Whether one of these vendors is on the platform."""
    if not vendor_ids:
        return False
    found = select(Vendor.id).where(Vendor.id.in_(vendor_ids), Vendor.platform_id == platform_id).limit(1)
    return session.scalar(found) is not None
