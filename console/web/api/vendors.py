"""The vendors of a platform, one of them with what it has, and what is different for it alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal

from flask import Response, jsonify
from pydantic import BaseModel, ConfigDict, Field

from console.blueprint import requires_permission
from console.context import current, current_platform, runtime
from console.described import described
from console.domain.snapshot import Snapshot
from console.domain.tiers import Override
from console.errors import Unknown
from console.inputs import read_json
from console.services import snapshots, tiers, usage, vendor_tiers, why
from console.services import vendors as service
from console.services.documents import vendor_json
from console.services.operation_views import time_json
from console.services.vendor_tiers import Holder
from console.services.views import VendorView
from console.storage.uow import current_uow, read_session
from console.web.api import people_shapes as shapes
from console.web.api._blueprint import blueprint


class NewVendor(BaseModel):
    """A vendor to create."""

    model_config = ConfigDict(extra="forbid")

    slug: str = Field(max_length=63)
    name: str = Field(default="", max_length=200)


class FeatureChange(BaseModel):
    """What is different for one vendor alone, whatever its tier.

    Attributes:
        until: When it ends by itself; without a zone it is UTC.
    """

    model_config = ConfigDict(extra="forbid")

    want: Literal["on", "off"]
    until: datetime | None = None
    note: str = Field(default="", max_length=500)

    def override(self, feature: str) -> Override:
        """The same, as the service takes it."""
        until = self.until
        if until is not None:
            until = until.replace(tzinfo=UTC) if until.tzinfo is None else until.astimezone(UTC)
        return Override(feature, self.want == "on", until, self.note)


@blueprint.get("/admin/vendors")
@requires_permission("vendors.view")
@described(shapes.VendorsDocument)
def vendors() -> Response:
    """The platform's vendors by slug."""
    found = service.listing(read_session(), current_platform.id)
    return jsonify({"schema": 1, "vendors": [vendor_json(each, current_platform.slug) for each in found]})


@blueprint.post("/admin/vendors")
@requires_permission("vendors.manage")
@described({201: shapes.VendorDocument}, takes=NewVendor)
def vendor_create() -> tuple[Response, int]:
    """Create a vendor on the platform."""
    wish, rt = read_json(NewVendor), runtime()
    made = service.create(
        current_uow(), rt, current_platform.id, wish.slug, name=wish.name, actor=current().actor, now=rt.clock()
    )
    return jsonify({"schema": 1, "vendor": vendor_json(made, current_platform.slug)}), 201


@blueprint.get("/admin/vendors/<slug>")
@requires_permission("vendors.view")
@described(shapes.VendorDetailsDocument)
def vendor(slug: str) -> Response:
    """One vendor: its tier, every feature with its state, and its limits."""
    session, rt, found = read_session(), runtime(), _row(slug)
    snapshot = snapshots.current(session, rt, current_platform.id)
    tier = snapshot.tiers.tier(found.id)
    details = {
        "slug": found.slug,
        "name": found.name,
        "platform": current_platform.slug,
        "created_at": time_json(found.created_at),
        "tier": None if tier is None else tier.code,
        "features": list(_features(snapshot, found.id)),
        "limits": list(_limits(snapshot, found.id)),
    }
    return jsonify({"schema": 1, "vendor": details})


@blueprint.get("/admin/vendors/<slug>/features/<feature>")
@requires_permission("vendors.view")
@described(shapes.FeatureDocument)
def vendor_feature(slug: str, feature: str) -> Response:
    """Every fact behind a feature's being on or off for the vendor."""
    return _explained(slug, feature)


@blueprint.put("/admin/vendors/<slug>/features/<feature>")
@requires_permission("tiers.manage")
@described(shapes.FeatureDocument, takes=FeatureChange)
def vendor_override(slug: str, feature: str) -> Response:
    """Give the vendor a feature, or keep it from it, whatever its tier."""
    wish, rt = read_json(FeatureChange), runtime()
    vendor_tiers.override(
        current_uow(), rt, _holder(slug), wish.override(feature), actor=current().actor, now=rt.clock()
    )
    return _explained(slug, feature)


@blueprint.delete("/admin/vendors/<slug>/features/<feature>")
@requires_permission("tiers.manage")
@described(shapes.FeatureDocument)
def vendor_override_end(slug: str, feature: str) -> Response:
    """Let the vendor's tier decide again."""
    rt = runtime()
    vendor_tiers.end_override(current_uow(), rt, _holder(slug), feature, actor=current().actor, now=rt.clock())
    return _explained(slug, feature)


def _row(slug: str) -> VendorView:
    return service.of_platform(read_session(), current_platform.id, slug)


def _holder(slug: str) -> Holder:
    return vendor_tiers.holder(_row(slug))


def _explained(slug: str, feature: str) -> Response:
    session, rt, found = read_session(), runtime(), _row(slug)
    known = tiers.known_features(rt.registry)
    if feature not in known:
        raise Unknown("feature", feature, known)
    facts = why.explain(session, rt, current_platform.id, feature, found.slug)
    told = [{"text": each.text, "source": each.source, "holds": each.holds} for each in facts]
    return jsonify({"schema": 1, "vendor": slug, "feature": feature, "on": why.is_on(facts), "facts": told})


def _features(snapshot: Snapshot, vendor_id: int) -> Iterator[dict[str, object]]:
    rt = runtime()
    now, tier = rt.clock(), snapshot.tiers.tier(vendor_id)
    different, on = snapshot.tiers.overrides.get(vendor_id, {}), snapshot.features_of(vendor_id, now)
    for each in rt.registry.live():
        for code in () if each.is_internal else map(str, each.features):
            yield {
                "code": code,
                "module": each.code,
                "on": code in on,
                "in_tier": tier is None or code in tier.features,
                "override": _different(different.get(code), now),
            }


def _different(found: Override | None, now: datetime) -> dict[str, object] | None:
    if found is None:
        return None
    facts: dict[str, object] = {"on": found.is_on, "until": time_json(found.until), "note": found.note}
    return {**facts, "in_force": found.is_in_force(now)}


def _limits(snapshot: Snapshot, vendor_id: int) -> Iterator[dict[str, object]]:
    rt, tier = runtime(), snapshot.tiers.tier(vendor_id)
    used, most = usage.of_vendor(rt, snapshot, vendor_id), {} if tier is None else tier.limits
    for each in rt.registry.live():
        for code in () if each.is_internal else map(str, each.limits):
            yield {"code": code, "module": each.code, "most": most.get(code), "used": used.get(code)}
