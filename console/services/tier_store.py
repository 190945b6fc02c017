"""Rows of tiers, as a snapshot holds them: one statement for all."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum
from typing import Any

from sqlalchemy import BigInteger, Integer, Select, SQLColumnExpression, String, cast, literal, null, select, union_all
from sqlalchemy.orm import Session

from console.domain.codes import Tier
from console.domain.tiers import Override, Tiers
from console.storage.tables import FeatureOverride, TierFeature, TierLimit, TierRow, Vendor, VendorTier
from console.storage.types import UTCDateTime

Parts = Select[int, int, str, int, datetime | None, str, str]


class Part(IntEnum):
    """What a row of the one statement says."""

    TIER = 0
    FEATURE = 1
    LIMIT = 2
    VENDOR = 3
    OVERRIDE = 4


def load(session: Session, platform_id: int) -> Tiers:
    """The platform's tiers in the order in which they were made, and what its vendors have."""
    codes: dict[int, str] = {}
    names: dict[int, str] = {}
    features: dict[int, set[str]] = {}
    limits: dict[int, dict[str, int]] = {}
    of_vendor: dict[int, str] = {}
    overrides: dict[int, dict[str, Override]] = {}
    for part, owner, code, value, until, note, actor in session.execute(_statement(platform_id)):
        if part == Part.TIER:
            codes[owner], names[owner] = code, note
        elif part == Part.FEATURE:
            features.setdefault(owner, set()).add(code)
        elif part == Part.LIMIT:
            limits.setdefault(owner, {})[code] = value
        elif part == Part.VENDOR:
            of_vendor[owner] = codes[value]
        else:
            overrides.setdefault(owner, {})[code] = Override(code, bool(value), until, note, actor)
    offered = {
        code: Tier(code, names[key], frozenset(features.get(key, ())), limits.get(key, {}))
        for key, code in codes.items()
    }
    return Tiers(offered, of_vendor, overrides)


def _statement(platform_id: int) -> Select[*tuple[Any, ...]]:  # a union's columns have no types
    limit = TierLimit.limit_code
    here, vendor = TierRow.platform_id == platform_id, Vendor.platform_id == platform_id
    rows = union_all(
        _part(Part.TIER, TierRow.id, code=TierRow.code, note=TierRow.name).where(here),
        _part(Part.FEATURE, TierFeature.tier_id, code=TierFeature.feature).join(TierRow).where(here),
        _part(Part.LIMIT, TierLimit.tier_id, code=limit, value=TierLimit.value).join(TierRow).where(here),
        _part(Part.VENDOR, VendorTier.vendor_id, value=VendorTier.tier_id).join(Vendor).where(vendor),
        _part(
            Part.OVERRIDE,
            FeatureOverride.vendor_id,
            code=FeatureOverride.feature,
            value=cast(FeatureOverride.is_on, Integer),
            until=FeatureOverride.until,
            note=FeatureOverride.note,
            actor=FeatureOverride.actor,
        )
        .join(Vendor)
        .where(vendor),
    ).subquery()
    return select(*rows.c).order_by(rows.c.part, rows.c.owner, rows.c.code)


def _part(
    part: Part,
    owner: SQLColumnExpression[int],
    *,
    code: SQLColumnExpression[str] | None = None,
    value: SQLColumnExpression[int] | None = None,
    until: SQLColumnExpression[datetime | None] | None = None,
    note: SQLColumnExpression[str] | None = None,
    actor: SQLColumnExpression[str] | None = None,
) -> Parts:
    """The columns that all parts have; those that a part does not fill are typed, as Postgres wants them."""
    return select(
        literal(int(part), Integer).label("part"),
        owner.label("owner"),
        (cast(null(), String) if code is None else code).label("code"),
        cast(null() if value is None else value, BigInteger).label("value"),
        (cast(null(), UTCDateTime()) if until is None else until).label("until"),
        (cast(null(), String) if note is None else note).label("note"),
        (cast(null(), String) if actor is None else actor).label("actor"),
    )
