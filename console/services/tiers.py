"""Tiers of a platform: making and changing them; nothing here ever deletes what a vendor has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select

from console.domain.actor import Actor
from console.domain.codes import Tier
from console.domain.registry import Registry
from console.domain.tiers import TierPlan, Tiers, plan_tier
from console.errors import Conflict, RuleRefused, Unknown, UsageError
from console.phrases import say, say_count
from console.services import audit, slugs, tier_store
from console.services.locked import LockedPlatform, lock
from console.services.operations import must_be_alive
from console.services.runtime import Runtime
from console.storage.tables import TierFeature, TierLimit, TierRow
from console.storage.uow import UnitOfWork

LONGEST_NAME = 100
LARGEST_LIMIT = 10**15


@dataclass(frozen=True, slots=True)
class TierDraft:
    """A tier as somebody wants it."""

    name: str
    features: frozenset[str] = frozenset()
    limits: Mapping[str, int] = field(default_factory=dict)


def known_features(registry: Registry) -> tuple[str, ...]:
    """The features that a tier can have, in the order of modules; those of internal modules are not for vendors."""
    return tuple(str(code) for each in registry.live() if not each.is_internal for code in each.features)


def known_limits(registry: Registry) -> tuple[str, ...]:
    """What tiers can limit, in the order of modules."""
    return tuple(str(code) for each in registry.live() if not each.is_internal for code in each.limits)


def find(tiers: Tiers, code: str) -> Tier:
    """The tier with that code.

    Raises:
        Unknown: Suggests what comes close.
    """
    if code not in tiers.offered:
        raise Unknown("tier", code, list(tiers.offered))
    return tiers.offered[code]


def create(
    uow: UnitOfWork, rt: Runtime, platform_id: int, code: str, *, draft: TierDraft, actor: Actor, now: datetime
) -> None:
    """A new tier, which no vendor has yet.

    Raises:
        UsageError: The code cannot stand in a URL, the name is none, or a feature or limit does not exist.
        RuleRefused: ``tier_exists``, ``platform_archived``.
    """
    held = _held(uow, rt, platform_id, now)
    slugs.checked(code)
    name = _checked(rt.registry, draft, kept=Tier(code, ""))
    if code in tier_store.load(uow.session, platform_id).offered:
        text = say("There is a tier %(code)s already.", code=repr(code))
        raise RuleRefused(text, code="tier_exists", hint=say("Choose another code."))
    row = TierRow(platform_id=platform_id, code=code, name=name, created_at=now)
    uow.session.add(row)
    uow.session.flush()
    tier = Tier(code, name, draft.features, draft.limits)
    _store(uow, row.id, tier)
    _record(held, "tiers.create", code, actor=actor, after=tier)


def save_plan(registry: Registry, tiers: Tiers, code: str, draft: TierDraft) -> TierPlan:
    """What every vendor of the tier would lose and win by the change."""
    before = find(tiers, code)
    after = _merged(registry, before, draft)
    return plan_tier(before, after, had=before.features, has=after.features)


def save(
    uow: UnitOfWork,
    rt: Runtime,
    platform_id: int,
    code: str,
    *,
    draft: TierDraft,
    seen: str,
    actor: Actor,
    now: datetime,
) -> bool:
    """Change a tier for all vendors that have it; False when it is like that already.

    Args:
        seen: The digest of the plan that was shown; may be empty when the change takes nothing from any vendor.

    Raises:
        Conflict: ``tier_plan``: vendors would lose what was not shown.
        Unknown: There is no such tier.
        UsageError: As for ``create``.
    """
    held = _held(uow, rt, platform_id, now)
    tiers = tier_store.load(uow.session, platform_id)
    before = find(tiers, code)
    name = _checked(rt.registry, draft, kept=before)
    after = _merged(rt.registry, before, TierDraft(name, draft.features, draft.limits))
    if after == before:
        return False
    plan = save_plan(rt.registry, tiers, code, draft)
    if tiers.holders(code):
        must_be_seen(plan, seen)
    row = _row(uow, platform_id, code)
    row.name = name
    _store(uow, row.id, after)
    _record(held, "tiers.save", code, actor=actor, before=before, after=after)
    return True


def remove(uow: UnitOfWork, rt: Runtime, platform_id: int, code: str, *, actor: Actor, now: datetime) -> None:
    """Delete a tier that no vendor has.

    Raises:
        RuleRefused: ``tier_in_use``: says how many vendors have it.
        Unknown: There is no such tier.
    """
    held = _held(uow, rt, platform_id, now)
    tiers = tier_store.load(uow.session, platform_id)
    before = find(tiers, code)
    count = tiers.holders(code)
    if count:
        text = say_count("%(num)s vendor has this tier.", "%(num)s vendors have this tier.", count)
        raise RuleRefused(text, code="tier_in_use", hint=say("Give them another one first."), vendors=count)
    row = _row(uow, platform_id, code)
    _store(uow, row.id, Tier(code, ""))
    uow.session.delete(row)
    uow.session.flush()
    _record(held, "tiers.delete", code, actor=actor, before=before)


def must_be_seen(plan: TierPlan, seen: str) -> None:
    """Refuse what takes from vendors unless it is what was shown.

    Raises:
        Conflict: ``tier_plan``.
    """
    if plan.takes and plan.digest != seen:
        raise Conflict(
            say("This takes something away, and that is not what was shown."),
            code="tier_plan",
            hint=say("Look at what is lost, and confirm it."),
            lost=list(plan.lost),
            digest=plan.digest,
        )


def _held(uow: UnitOfWork, rt: Runtime, platform_id: int, now: datetime) -> LockedPlatform:
    held = lock(uow, rt, platform_id, now)
    must_be_alive(held)
    return held


def _row(uow: UnitOfWork, platform_id: int, code: str) -> TierRow:
    found = select(TierRow).where(TierRow.platform_id == platform_id, TierRow.code == code)
    return uow.session.scalars(found.execution_options(populate_existing=True)).one()


def _merged(registry: Registry, before: Tier, draft: TierDraft) -> Tier:
    """The draft with what the tier holds of modules that are not there now: it comes back with them."""
    features, limits = set(known_features(registry)), set(known_limits(registry))
    kept = {code: value for code, value in before.limits.items() if code not in limits}
    return Tier(before.code, draft.name, draft.features | (before.features - features), {**kept, **draft.limits})


def _checked(registry: Registry, draft: TierDraft, *, kept: Tier) -> str:
    """The name, when all of the draft can be."""
    name = slugs.checked_name(draft.name, longest=LONGEST_NAME)
    if not name:
        raise UsageError(say("A tier needs a name."), hint=say("Vendors read it."))
    features = draft.features - kept.features - set(known_features(registry))
    limits = draft.limits.keys() - kept.limits.keys() - set(known_limits(registry))
    for code in sorted(features | limits):
        hint = say("Choose from those that modules declare.")
        raise UsageError(say("No module declares %(code)s.", code=repr(code)), hint=hint)
    for code, value in draft.limits.items():
        if not 0 <= value <= LARGEST_LIMIT:
            text = say("The limit %(code)s is a whole number from 0 on.", code=repr(code))
            raise UsageError(text, hint=say("Leave it empty for no limit."))
    return name


def _store(uow: UnitOfWork, tier_id: int, tier: Tier) -> None:
    for table in (TierFeature, TierLimit):
        uow.session.execute(delete(table).where(table.tier_id == tier_id))
    uow.session.add_all(TierFeature(tier_id=tier_id, feature=each) for each in sorted(tier.features))
    uow.session.add_all(
        TierLimit(tier_id=tier_id, limit_code=code, value=value) for code, value in sorted(tier.limits.items())
    )
    uow.session.flush()


def _record(
    held: LockedPlatform,
    action: str,
    code: str,
    *,
    actor: Actor,
    before: Tier | None = None,
    after: Tier | None = None,
) -> None:
    held.bump()
    audit.record(
        held.uow,
        actor,
        action=action,
        target=code,
        now=held.now,
        platform_id=held.id,
        before=None if before is None else tier_json(before),
        after=None if after is None else tier_json(after),
    )


def tier_json(tier: Tier) -> dict[str, object]:
    """A tier, as it stands in documents and in the audit."""
    return {"code": tier.code, "name": tier.name, "features": sorted(tier.features), "limits": dict(tier.limits)}
