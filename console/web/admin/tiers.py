"""The tiers of a platform: what its vendors can have, a new one, changing one after its plan, deleting it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import flash, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.context import current, current_platform, runtime
from console.domain.tiers import TierPlan, Tiers
from console.errors import Conflict, RuleRefused, UsageError
from console.phrases import say
from console.services import snapshots
from console.services import tiers as service
from console.services.tiers import TierDraft
from console.storage.uow import read_session, unit_of_work
from console.web import htmx
from console.web.admin import texts
from console.web.admin._blueprint import blueprint
from console.web.babel import gettext as _

Answer = str | Response
LIMIT = "limit-"


@dataclass(frozen=True, slots=True)
class FeatureLine:
    """A feature that a tier can have."""

    code: str
    label: str
    module: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class LimitLine:
    """Something that a tier can limit."""

    code: str
    label: str
    module: str


@blueprint.get("/tiers")
@requires_permission("tiers.view")
def tiers() -> Answer:
    """The tiers, and how many vendors have each."""
    return _list()


@blueprint.post("/tiers")
@requires_permission("tiers.manage")
def tier_create() -> Answer:
    """Make an empty tier; its features are chosen on its page."""
    rt, code = runtime(), request.form.get("code", "").strip()
    draft = TierDraft(request.form.get("name", ""))
    try:
        with unit_of_work() as uow:
            service.create(uow, rt, current_platform.id, code, draft=draft, actor=current().actor, now=rt.clock())
    except (UsageError, RuleRefused) as error:
        return make_response(_list(error=error.sentence), 422)
    return htmx.redirect(url_for("pages.tier", code=code))


@blueprint.get("/tiers/<code>")
@requires_permission("tiers.view")
def tier(code: str) -> Answer:
    """What a tier has."""
    found = service.find(_tiers(), code)
    return _show(code, TierDraft(found.name, found.features, found.limits))


@blueprint.post("/tiers/<code>")
@requires_permission("tiers.manage")
def tier_save(code: str) -> Answer:
    """Change a tier; what its vendors would lose is shown first and has to be confirmed."""
    rt, draft = runtime(), TierDraft("")
    service.find(_tiers(), code)
    try:
        draft = _draft()
        with unit_of_work() as uow:
            service.save(
                uow,
                rt,
                current_platform.id,
                code,
                draft=draft,
                seen=request.form.get("seen", ""),
                actor=current().actor,
                now=rt.clock(),
            )
    except Conflict:
        plan = service.save_plan(rt.registry, _tiers(), code, draft)
        return make_response(_show(code, draft, plan=plan), 409)
    except (UsageError, RuleRefused) as error:
        return make_response(_show(code, draft, error=error.sentence), 422)
    flash(_("Tier %(name)s was changed", name=draft.name.strip()))
    return htmx.redirect(url_for("pages.tiers"))


@blueprint.post("/tiers/<code>/delete")
@requires_permission("tiers.manage")
def tier_delete(code: str) -> Answer:
    """Delete a tier that no vendor has."""
    rt = runtime()
    try:
        with unit_of_work() as uow:
            service.remove(uow, rt, current_platform.id, code, actor=current().actor, now=rt.clock())
    except RuleRefused as error:
        return make_response(_list(error=error.sentence), 409)
    flash(_("Tier %(name)s was deleted", name=code))
    return htmx.redirect(url_for("pages.tiers"))


def _tiers() -> Tiers:
    return snapshots.current(read_session(), runtime(), current_platform.id).tiers


def _draft() -> TierDraft:
    form = request.form
    limits = {name.removeprefix(LIMIT): text.strip() for name, text in form.items() if name.startswith(LIMIT)}
    return TierDraft(
        form.get("name", ""),
        frozenset(form.getlist("feature")),
        {code: _number(text) for code, text in limits.items() if text},
    )


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise UsageError(say("%(text)s is no whole number.", text=repr(text)), hint=say("Leave it empty for no limit."))
    return int(text)


def _list(*, error: str = "") -> str:
    found = _tiers()
    return render_template(
        "admin/tiers.html",
        tiers=[(each, found.holders(each.code)) for each in found.offered.values()],
        error=error,
        typed=request.form,
    )


def _show(code: str, draft: TierDraft, *, plan: TierPlan | None = None, error: str = "") -> str:
    found = _tiers()
    return render_template(
        "admin/tier.html",
        tier=found.offered[code],
        draft=draft,
        features=list(feature_lines()),
        limits=list(limit_lines()),
        holders=found.holders(code),
        plan=plan,
        error=error,
        words=words(),
    )


def feature_lines() -> Iterator[FeatureLine]:
    """Every feature that vendors can have, with its module."""
    registry, snapshot = runtime().registry, current().snapshot
    known = service.known_features(registry)
    for each in registry.live():
        for code in map(str, each.features):
            if code in known:
                label = texts.feature(registry, code) or code
                is_open = snapshot is not None and snapshot.is_open(each.code)
                yield FeatureLine(code, label, texts.module_name(registry, each.code), is_open)


def limit_lines() -> Iterator[LimitLine]:
    """Everything that tiers can limit, with its module."""
    registry = runtime().registry
    known = service.known_limits(registry)
    for each in registry.live():
        for code in map(str, each.limits):
            if code in known:
                yield LimitLine(code, texts.limit(registry, code), texts.module_name(registry, each.code))


def words() -> dict[str, str]:
    """Feature or limit code → what people call it."""
    lines: list[FeatureLine | LimitLine] = [*feature_lines(), *limit_lines()]
    return {each.code: f"{each.label} ({each.module})" for each in lines}
