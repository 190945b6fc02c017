"""Something to look at: two platforms with vendors and modules, and no account."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from console.domain.actor import SYSTEM
from console.domain.plan_types import ChangeRequest
from console.services import operations, platforms, vendors
from console.services.runtime import Runtime
from console.storage.tables import Platform
from console.storage.uow import UnitOfWork

PLATFORMS = (("acme", "Acme Market"), ("globex", "Globex Mall"))
VENDORS = {
    "acme": (("blue-bottle", "Blue Bottle Books"), ("north-wind", "North Wind Outdoor"), ("petal", "Petal & Stem")),
    "globex": (("gear-lab", "Gear Lab"), ("old-mill", "Old Mill Bakery")),
}
ENABLED = {"acme": ("analytics",), "globex": ("payments",)}


def fill(uow: UnitOfWork, rt: Runtime, now: datetime) -> bool:
    """Make the demo's platforms and vendors in an empty database; False when there is a platform already."""
    if uow.session.scalar(select(Platform.id).limit(1)) is not None:
        return False
    for slug, name in PLATFORMS:
        platform = platforms.create(uow, rt, slug, name, actor=SYSTEM, now=now)
        for vendor, vendor_name in VENDORS[slug]:
            vendors.create(uow, rt, platform.id, vendor, name=vendor_name, actor=SYSTEM, now=now)
        wanted = {code: True for code in ENABLED[slug] if code in rt.registry and rt.registry[code].live}
        if wanted:
            operations.accept(uow, rt, platform.id, ChangeRequest(wanted), actor=SYSTEM, now=now, note="demo")
    return True
