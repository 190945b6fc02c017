"""What one vendor has: its tier, what is different for it alone, and the plan of giving it another tier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from console.domain.actor import Actor
from console.domain.tiers import Override, TierPlan, plan_tier
from console.errors import Unknown, UsageError
from console.phrases import say
from console.services import audit, snapshots, usage
from console.services.locked import LockedPlatform, lock
from console.services.operation_views import time_json
from console.services.operations import must_be_alive
from console.services.runtime import Runtime
from console.services.tiers import find, known_features, must_be_seen
from console.services.views import VendorView
from console.storage.tables import FeatureOverride, TierRow, Vendor, VendorTier
from console.storage.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Holder:
    """A vendor of a platform."""

    platform_id: int
    vendor_id: int
    slug: str


def holder(vendor: Vendor | VendorView) -> Holder:
    """The vendor as these functions take it."""
    return Holder(vendor.platform_id, vendor.id, vendor.slug)


def plan(session: Session, rt: Runtime, who: Holder, code: str | None, *, now: datetime) -> TierPlan:
    """What the vendor loses and wins by the tier, or without one when ``code`` is None.

    Raises:
        Unknown: There is no such tier.
    """
    snapshot = snapshots.current(session, rt, who.platform_id)
    tiers = snapshot.tiers
    after = None if code is None else find(tiers, code)
    return plan_tier(
        tiers.tier(who.vendor_id),
        after,
        had=tiers.features(who.vendor_id, snapshot.features, now),
        has=tiers.with_tier(who.vendor_id, after, snapshot.features, now=now),
        used=usage.of_vendor(rt, snapshot, who.vendor_id),
    )


def assign(
    uow: UnitOfWork, rt: Runtime, who: Holder, code: str | None, *, seen: str, actor: Actor, now: datetime
) -> bool:
    """Give the vendor a tier, or none; False when it has it.

    Args:
        seen: The digest of the plan that was shown; may be empty when nothing is taken.

    Raises:
        Conflict: ``tier_plan``: the vendor would lose what was not shown.
        Unknown: There is no such tier.
    """
    held = _held(uow, rt, who, now)
    snapshot = snapshots.load(uow.session, rt, who.platform_id)
    before = snapshot.tiers.of_vendor.get(who.vendor_id)
    if code == before:
        return False
    must_be_seen(plan(uow.session, rt, who, code, now=now), seen)
    uow.session.execute(delete(VendorTier).where(VendorTier.vendor_id == who.vendor_id))
    if code is not None:
        row = select(TierRow.id).where(TierRow.platform_id == who.platform_id, TierRow.code == code)
        uow.session.add(VendorTier(vendor_id=who.vendor_id, tier_id=uow.session.scalars(row).one()))
    uow.session.flush()
    _record(held, "vendors.tier", who, actor=actor, before={"tier": before}, after={"tier": code})
    return True


def override(uow: UnitOfWork, rt: Runtime, who: Holder, wish: Override, *, actor: Actor, now: datetime) -> None:
    """Give the vendor a feature, or keep one from it, whatever its tier.

    Raises:
        Unknown: No module declares the feature.
        UsageError: Its end is not in the future.
    """
    held = _held(uow, rt, who, now)
    known = known_features(rt.registry)
    if wish.feature not in known:
        raise Unknown("feature", wish.feature, known)
    if not wish.is_in_force(now):
        raise UsageError(say("The end has passed already."), hint=say("Choose a later day, or none."))
    before = snapshots.load(uow.session, rt, who.platform_id).tiers.overrides.get(who.vendor_id, {})
    _forget(uow, who, wish.feature)
    uow.session.add(
        FeatureOverride(
            vendor_id=who.vendor_id,
            feature=wish.feature,
            is_on=wish.is_on,
            until=wish.until,
            note=wish.note.strip()[:500],
            actor=actor.name,
            created_at=now,
        )
    )
    uow.session.flush()
    facts = {"before": _facts(before.get(wish.feature)), "after": _facts(wish)}
    _record(held, "vendors.override", who, actor=actor, reason=wish.note, **facts)


def end_override(uow: UnitOfWork, rt: Runtime, who: Holder, feature: str, *, actor: Actor, now: datetime) -> None:
    """Let the vendor's tier decide about the feature again.

    Raises:
        Unknown: Nothing is different for the vendor there.
    """
    held = _held(uow, rt, who, now)
    before = snapshots.load(uow.session, rt, who.platform_id).tiers.overrides.get(who.vendor_id, {})
    if feature not in before:
        raise Unknown("override", feature, list(before))
    _forget(uow, who, feature)
    _record(held, "vendors.override_end", who, actor=actor, before=_facts(before[feature]), after=None)


def _forget(uow: UnitOfWork, who: Holder, feature: str) -> None:
    uow.session.execute(
        delete(FeatureOverride).where(FeatureOverride.vendor_id == who.vendor_id, FeatureOverride.feature == feature)
    )


def _held(uow: UnitOfWork, rt: Runtime, who: Holder, now: datetime) -> LockedPlatform:
    held = lock(uow, rt, who.platform_id, now)
    must_be_alive(held)
    return held


def _facts(found: Override | None) -> dict[str, object] | None:
    if found is None:
        return None
    return {"feature": found.feature, "on": found.is_on, "until": time_json(found.until), "note": found.note}


def _record(
    held: LockedPlatform,
    action: str,
    who: Holder,
    *,
    actor: Actor,
    before: dict[str, object] | None,
    after: dict[str, object] | None,
    reason: str = "",
) -> None:
    held.bump()
    audit.record(
        held.uow,
        actor,
        action=action,
        target=who.slug,
        now=held.now,
        platform_id=who.platform_id,
        reason=reason,
        before=before,
        after=after,
    )


def plan_json(found: TierPlan) -> dict[str, object]:
    """A plan, as it stands in documents."""
    return {
        "tier": found.tier,
        "lost": list(found.lost),
        "won": list(found.won),
        "limits": [
            {"code": each.code, "before": each.before, "after": each.after, "used": each.used, "over": each.is_over}
            for each in found.limits
        ],
        "digest": found.digest,
    }
