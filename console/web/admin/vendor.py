"""One vendor of the platform: its tier, every feature with why it is on or off, its limits and its people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from flask import flash, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from console.blueprint import requires_permission, requires_proof
from console.context import current, current_platform, runtime
from console.domain.codes import Tier
from console.domain.tiers import Override
from console.errors import Conflict, RuleRefused, UsageError
from console.phrases import say
from console.services import snapshots, usage, vendor_tiers, vendors, why
from console.services.people import Place
from console.services.vendor_tiers import Holder
from console.services.views import VendorView
from console.storage.uow import read_session, unit_of_work
from console.web import htmx
from console.web.admin._blueprint import blueprint
from console.web.admin.people_page import NewAccess, change, invite, people_page
from console.web.admin.tiers import FeatureLine, feature_lines, limit_lines, words
from console.web.application import own_unit_of_work
from console.web.babel import gettext as _

Answer = str | Response


@dataclass(frozen=True, slots=True)
class HeldFeature:
    """A feature as the vendor has it.

    Args:
        in_tier: Whether its tier has it; True without a tier.
        override: What is different for this vendor alone, also when it has ended.
        ended: Whether the override has ended by itself.
    """

    line: FeatureLine
    is_on: bool
    in_tier: bool
    override: Override | None
    ended: bool


@dataclass(frozen=True, slots=True)
class HeldLimit:
    """A limit as the vendor has it; None: no limit, or not counted."""

    code: str
    label: str
    module: str
    most: int | None
    used: int | None


@blueprint.get("/vendors/<slug>")
@requires_permission("vendors.view")
def vendor(slug: str) -> Answer:
    """What the vendor has, and who works there."""
    return _show(slug)


@blueprint.get("/vendors/<slug>/tier")
@requires_permission("tiers.view")
def vendor_tier(slug: str) -> Answer:
    """What the vendor would lose and win by another tier."""
    return _plan(slug, request.args.get("tier") or None)


@blueprint.post("/vendors/<slug>/tier")
@requires_permission("tiers.manage")
def vendor_tier_accept(slug: str) -> Answer:
    """Give the vendor the tier whose plan was shown."""
    rt, code = runtime(), request.form.get("tier") or None
    try:
        with unit_of_work() as uow:
            vendor_tiers.assign(
                uow,
                rt,
                _holder(slug),
                code,
                seen=request.form.get("seen", ""),
                actor=current().actor,
                now=rt.clock(),
            )
    except Conflict:
        return make_response(_plan(slug, code, stale=True), 409)
    flash(_("The tier is changed"))
    return htmx.redirect(url_for("pages.vendor", slug=slug))


@blueprint.get("/vendors/<slug>/features/<feature>")
@requires_permission("vendors.view")
def vendor_feature(slug: str, feature: str) -> Answer:
    """Every fact behind a feature's being on or off for the vendor."""
    row = _row(slug)
    facts = why.explain(read_session(), runtime(), current_platform.id, feature, row.slug)
    return render_template(
        "admin/vendor_feature.html", shop=row, feature=feature, facts=facts, is_on=why.is_on(facts), words=words()
    )


@blueprint.post("/vendors/<slug>/features/<feature>")
@requires_permission("tiers.manage")
def vendor_override(slug: str, feature: str) -> Answer:
    """Give the vendor a feature, keep it from it, or let its tier decide again."""
    rt, want = runtime(), request.form.get("want", "")
    who, now = _holder(slug), rt.clock()
    try:
        with unit_of_work() as uow:
            if want == "end":
                vendor_tiers.end_override(uow, rt, who, feature, actor=current().actor, now=now)
            else:
                wish = Override(feature, want == "on", _until(request.form.get("until", "")), _note())
                vendor_tiers.override(uow, rt, who, wish, actor=current().actor, now=now)
    except (UsageError, RuleRefused) as error:
        return make_response(_show(slug, refused=feature, error=error.sentence), 422)
    flash(_("%(feature)s is changed for this vendor", feature=words().get(feature, feature)))
    return htmx.redirect(url_for("pages.vendor", slug=slug))


@blueprint.post("/vendors/<slug>/users")
@requires_permission("vendors.manage")
@requires_proof
@own_unit_of_work
def vendor_invite(slug: str) -> Answer:
    """Let somebody in at the vendor; the password of a new account is shown once in the answer."""
    try:
        return _show(slug, made=invite(_place(slug)))
    except (UsageError, RuleRefused) as error:
        return make_response(_show(slug, error=error.sentence, typed=request.form.get("email", "")), 422)


@blueprint.post("/vendors/<slug>/users/<int:user_id>")
@requires_permission("vendors.manage")
@requires_proof
def vendor_user_roles(slug: str, user_id: int) -> Answer:
    """Change what somebody is at the vendor, or take them off."""
    try:
        email = change(_place(slug), user_id)
    except (UsageError, RuleRefused) as error:
        return make_response(_show(slug, refused_person=user_id, error=error.sentence), 422)
    flash(_("The roles of %(email)s are changed", email=email))
    return htmx.redirect(url_for("pages.vendor", slug=slug))


def _row(slug: str) -> VendorView:
    return vendors.of_platform(read_session(), current_platform.id, slug)


def _holder(slug: str) -> Holder:
    return vendor_tiers.holder(_row(slug))


def _place(slug: str) -> Place:
    return Place(current_platform.id, _row(slug).id)


def _note() -> str:
    return request.form.get("note", "")


def _until(text: str) -> datetime | None:
    """The end of the day that a form names, None for none."""
    if not text:
        return None
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  # a day; its end is given a zone below
    except ValueError:
        raise UsageError(say("%(text)s is no day.", text=repr(text)), hint=say("Write it as 2027-01-31.")) from None
    return datetime.combine(day, time.min, UTC) + timedelta(days=1)


def _plan(slug: str, code: str | None, *, stale: bool = False) -> str:
    session, rt, row = read_session(), runtime(), _row(slug)
    found = snapshots.current(session, rt, current_platform.id).tiers
    plan = vendor_tiers.plan(session, rt, vendor_tiers.holder(row), code, now=rt.clock())
    return render_template(
        "admin/vendor_tier.html",
        shop=row,
        before=found.tier(row.id),
        after=None if code is None else found.offered[code],
        plan=plan,
        stale=stale,
        words=words(),
    )


def _show(
    slug: str,
    *,
    made: NewAccess | None = None,
    refused: str = "",
    refused_person: int = 0,
    error: str = "",
    typed: str = "",
) -> str:
    session, rt, row = read_session(), runtime(), _row(slug)
    snapshot = snapshots.current(session, rt, current_platform.id)
    tier = snapshot.tiers.tier(row.id)
    return render_template(
        "admin/vendor.html",
        shop=row,
        tier=tier,
        tiers=[("", _("No tier: everything that is on")), *((t.code, t.name) for t in snapshot.tiers.offered.values())],
        features=[_feature(line, row.id, tier) for line in feature_lines()],
        limits=_limits(row.id, tier),
        people=people_page(session, Place(current_platform.id, row.id)),
        made=made,
        refused=refused,
        refused_person=refused_person,
        error=error,
        typed=typed,
    )


def _feature(line: FeatureLine, vendor_id: int, tier: Tier | None) -> HeldFeature:
    snapshot, now = current().snapshot, runtime().clock()
    assert snapshot is not None
    found = snapshot.tiers.overrides.get(vendor_id, {}).get(line.code)
    return HeldFeature(
        line=line,
        is_on=line.code in snapshot.features_of(vendor_id, now),
        in_tier=tier is None or line.code in tier.features,
        override=found,
        ended=found is not None and not found.is_in_force(now),
    )


def _limits(vendor_id: int, tier: Tier | None) -> list[HeldLimit]:
    snapshot, rt = current().snapshot, runtime()
    assert snapshot is not None
    used = usage.of_vendor(rt, snapshot, vendor_id)
    most = {} if tier is None else tier.limits
    return [
        HeldLimit(each.code, each.label, each.module, most.get(each.code), used.get(each.code))
        for each in limit_lines()
    ]
