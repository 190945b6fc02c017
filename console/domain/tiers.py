"""What tiers and overrides give to vendors, and what a vendor loses and wins by another tier.

A feature is on for a vendor when its module's gate is open and the vendor's tier has it, unless an override says
otherwise. Without a tier a vendor has every feature of what is on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from console.domain.codes import Tier


@dataclass(frozen=True, slots=True)
class Override:
    """A feature given to or kept from one vendor, whatever its tier.

    Args:
        until: When it ends by itself; None: never.
    """

    feature: str
    is_on: bool
    until: datetime | None = None
    note: str = ""
    actor: str = ""

    def is_in_force(self, now: datetime) -> bool:
        """Whether it has not ended."""
        return self.until is None or self.until > now


@dataclass(frozen=True, slots=True)
class Tiers:
    """The tiers of a platform and who has what.

    Args:
        offered: Code → tier.
        of_vendor: Vendor id → code of its tier; a vendor that is not in it has none.
        overrides: Vendor id → feature → override.
    """

    offered: Mapping[str, Tier] = field(default_factory=dict)
    of_vendor: Mapping[int, str] = field(default_factory=dict)
    overrides: Mapping[int, Mapping[str, Override]] = field(default_factory=dict)

    def tier(self, vendor_id: int) -> Tier | None:
        """The tier of a vendor, None without."""
        code = self.of_vendor.get(vendor_id)
        return None if code is None else self.offered[code]

    def override(self, vendor_id: int, feature: str, now: datetime) -> Override | None:
        """What is different for the vendor now, None when nothing is."""
        found = self.overrides.get(vendor_id, {}).get(feature)
        return found if found is not None and found.is_in_force(now) else None

    def features(self, vendor_id: int, open_features: frozenset[str], now: datetime) -> frozenset[str]:
        """Those of the features of open modules that are on for the vendor."""
        return self.with_tier(vendor_id, self.tier(vendor_id), open_features, now=now)

    def with_tier(
        self, vendor_id: int, tier: Tier | None, open_features: frozenset[str], *, now: datetime
    ) -> frozenset[str]:
        """The same, if the vendor had that tier."""
        found = set(open_features if tier is None else tier.of(open_features))
        for each in self.overrides.get(vendor_id, {}).values():
            if each.is_in_force(now) and each.feature in open_features:
                (found.add if each.is_on else found.discard)(each.feature)
        return frozenset(found)

    def holders(self, code: str) -> int:
        """How many vendors have the tier."""
        return sum(1 for each in self.of_vendor.values() if each == code)

    def having(self, feature: str) -> tuple[Tier, ...]:
        """The tiers that have the feature."""
        return tuple(tier for tier in self.offered.values() if feature in tier.features)


NO_TIERS = Tiers(MappingProxyType({}), MappingProxyType({}), MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class LimitChange:
    """A limit that another tier sets differently.

    Args:
        before: None: no limit.
        after: None: no limit.
        used: How much the vendor has of it; None when its module does not say.
    """

    code: str
    before: int | None
    after: int | None
    used: int | None = None

    @property
    def is_lower(self) -> bool:
        """Whether less is allowed than before."""
        return self.after is not None and (self.before is None or self.after < self.before)

    @property
    def is_over(self) -> bool:
        """Whether the vendor has more already than it will be allowed; all of it stays."""
        return self.after is not None and self.used is not None and self.used > self.after


@dataclass(frozen=True, slots=True)
class TierPlan:
    """What becomes different for one vendor; nothing of it is ever deleted.

    Args:
        tier: Code of the tier to come, None: none.
        lost: Features that go off.
        won: Features that come on.
    """

    tier: str | None
    lost: tuple[str, ...]
    won: tuple[str, ...]
    limits: tuple[LimitChange, ...]

    @property
    def takes(self) -> bool:
        """Whether the vendor loses anything."""
        return bool(self.lost) or any(each.is_lower for each in self.limits)

    @property
    def digest(self) -> str:
        """Identifies what was shown; what is used meanwhile does not count."""
        limits = [(each.code, each.before, each.after) for each in self.limits]
        text = json.dumps([self.tier, self.lost, self.won, limits])
        return hashlib.sha256(text.encode()).hexdigest()


def plan_tier(
    before: Tier | None,
    after: Tier | None,
    *,
    had: frozenset[str],
    has: frozenset[str],
    used: Mapping[str, int] = MappingProxyType({}),
) -> TierPlan:
    """What a vendor loses and wins.

    Args:
        before: Its tier so far.
        after: Its tier to come.
        had: Features that are on for it.
        has: Features that will be.
        used: Limit code → how much it has.
    """
    return TierPlan(
        tier=None if after is None else after.code,
        lost=tuple(sorted(had - has)),
        won=tuple(sorted(has - had)),
        limits=tuple(_limit_changes(before, after, used)),
    )


def _limit_changes(before: Tier | None, after: Tier | None, used: Mapping[str, int]) -> Iterable[LimitChange]:
    old: Mapping[str, int] = {} if before is None else before.limits
    new: Mapping[str, int] = {} if after is None else after.limits
    for code in sorted(old.keys() | new.keys()):
        if old.get(code) != new.get(code):
            yield LimitChange(code, old.get(code), new.get(code), used.get(code))
