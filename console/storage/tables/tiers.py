"""Tiers of a platform, which of them a vendor has, and what is different for a single vendor."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from console.storage.base import Base
from console.storage.types import UTCDateTime


class TierRow(Base):
    """A tier that a platform offers to its vendors."""

    __tablename__ = "tiers"
    __table_args__ = (UniqueConstraint("platform_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"))
    code: Mapped[str] = mapped_column(String(63))
    name: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())


class TierFeature(Base):
    """A feature that a tier has; it stays when the module that declares it goes off or away."""

    __tablename__ = "tier_features"

    tier_id: Mapped[int] = mapped_column(ForeignKey("tiers.id"), primary_key=True)
    feature: Mapped[str] = mapped_column(String(128), primary_key=True)


class TierLimit(Base):
    """The most that a vendor of the tier may have of something; without a row there is no limit."""

    __tablename__ = "tier_limits"

    tier_id: Mapped[int] = mapped_column(ForeignKey("tiers.id"), primary_key=True)
    limit_code: Mapped[str] = mapped_column(String(128), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)


class VendorTier(Base):
    """The tier of a vendor; one without a row has every feature and no limit."""

    __tablename__ = "vendor_tiers"

    vendor_id: Mapped[int] = mapped_column(ForeignKey("vendors.id"), primary_key=True)
    tier_id: Mapped[int] = mapped_column(ForeignKey("tiers.id"), index=True)


class FeatureOverride(Base):
    """A feature given to or kept from one vendor, whatever its tier; until a time, or for good."""

    __tablename__ = "feature_overrides"

    vendor_id: Mapped[int] = mapped_column(ForeignKey("vendors.id"), primary_key=True)
    feature: Mapped[str] = mapped_column(String(128), primary_key=True)
    is_on: Mapped[bool]
    until: Mapped[datetime | None] = mapped_column(UTCDateTime())
    note: Mapped[str] = mapped_column(String(500), default="")
    actor: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
