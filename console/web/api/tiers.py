"""The tiers of a platform, and which of them a vendor has."""

from __future__ import annotations

from flask import Response, jsonify, request
from pydantic import BaseModel, ConfigDict, Field

from console.blueprint import requires_permission
from console.context import current, current_platform, runtime
from console.described import described
from console.domain.tiers import Tiers
from console.inputs import read_json
from console.services import snapshots, vendor_tiers, vendors
from console.services import tiers as service
from console.services.tiers import TierDraft
from console.services.vendor_tiers import Holder
from console.storage.uow import current_uow, read_session
from console.web.api import shapes
from console.web.api._blueprint import blueprint
from console.web.api.queries import TierQuery


class TierChange(BaseModel):
    """A tier as it shall be.

    Attributes:
        seen: The digest of the plan that was shown; needed when vendors lose something.
    """

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=service.LONGEST_NAME)
    features: list[str] = Field(default_factory=list)
    limits: dict[str, int] = Field(default_factory=dict)
    seen: str = Field(default="", max_length=64)

    def draft(self) -> TierDraft:
        """The tier as the service takes it."""
        return TierDraft(self.name, frozenset(self.features), self.limits)


class NewTier(TierChange):
    """A tier to make."""

    code: str = Field(max_length=63)


class VendorTierChange(BaseModel):
    """The tier that the vendor shall have; null: none, and so everything that is on."""

    model_config = ConfigDict(extra="forbid")

    tier: str | None
    seen: str = Field(default="", max_length=64)


@blueprint.get("/admin/tiers")
@requires_permission("tiers.view")
@described(shapes.TiersDocument)
def tiers() -> Response:
    """The tiers, and how many vendors have each."""
    found = _tiers()
    shown = [{**service.tier_json(each), "vendors": found.holders(each.code)} for each in found.offered.values()]
    return jsonify({"schema": 1, "tiers": shown})


@blueprint.post("/admin/tiers")
@requires_permission("tiers.manage")
@described({201: shapes.TierDocument}, takes=NewTier)
def tier_create() -> tuple[Response, int]:
    """Make a tier."""
    wish, rt = read_json(NewTier), runtime()
    service.create(
        current_uow(), rt, current_platform.id, wish.code, draft=wish.draft(), actor=current().actor, now=rt.clock()
    )
    return _shown(wish.code), 201


@blueprint.put("/admin/tiers/<code>")
@requires_permission("tiers.manage")
@described(shapes.TierDocument, takes=TierChange)
def tier_save(code: str) -> Response:
    """Change a tier; 409 with the plan when vendors would lose what was not ``seen``."""
    wish, rt = read_json(TierChange), runtime()
    actor, now, draft = current().actor, rt.clock(), wish.draft()
    service.save(current_uow(), rt, current_platform.id, code, draft=draft, seen=wish.seen, actor=actor, now=now)
    return _shown(code)


@blueprint.delete("/admin/tiers/<code>")
@requires_permission("tiers.manage")
@described(shapes.DeletedDocument)
def tier_delete(code: str) -> Response:
    """Delete a tier that no vendor has."""
    rt = runtime()
    service.remove(current_uow(), rt, current_platform.id, code, actor=current().actor, now=rt.clock())
    return jsonify({"schema": 1, "deleted": code})


@blueprint.get("/admin/vendors/<slug>/tier")
@requires_permission("tiers.view")
@described(shapes.VendorTierDocument, query=TierQuery)
def vendor_tier(slug: str) -> Response:
    """The vendor's tier, and what ``?tier=`` would take and give instead."""
    session, rt, who = read_session(), runtime(), _holder(slug)
    plan = vendor_tiers.plan(session, rt, who, request.args.get("tier") or None, now=rt.clock())
    return jsonify({"schema": 1, "vendor": slug, "tier": _tier_of(who), "plan": vendor_tiers.plan_json(plan)})


@blueprint.put("/admin/vendors/<slug>/tier")
@requires_permission("tiers.manage")
@described(shapes.VendorTierDocument, takes=VendorTierChange)
def vendor_tier_change(slug: str) -> Response:
    """Give the vendor another tier; 409 with the plan when it would lose what was not ``seen``."""
    wish, rt, who = read_json(VendorTierChange), runtime(), _holder(slug)
    vendor_tiers.assign(current_uow(), rt, who, wish.tier, seen=wish.seen, actor=current().actor, now=rt.clock())
    return jsonify({"schema": 1, "vendor": slug, "tier": _tier_of(who)})


def _tiers() -> Tiers:
    return snapshots.current(read_session(), runtime(), current_platform.id).tiers


def _holder(slug: str) -> Holder:
    return vendor_tiers.holder(vendors.of_platform(read_session(), current_platform.id, slug))


def _tier_of(who: Holder) -> str | None:
    found = _tiers().tier(who.vendor_id)
    return None if found is None else found.code


def _shown(code: str) -> Response:
    return jsonify({"schema": 1, "tier": service.tier_json(service.find(_tiers(), code))})
