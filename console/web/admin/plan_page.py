"""A plan as people read it: each module with its reason, what people gain or lose, what runs, what stays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from console.domain.definition import ModuleDefinition
from console.domain.plan_types import Notice, Plan
from console.domain.registry import Registry
from console.domain.words import Action, FrontendType
from console.services.plans import Menus, PlanImpact
from console.web.admin import plan_notes, texts
from console.web.admin.plan_about import About
from console.web.admin.plan_changes import new_steps, shown_of, what_changed
from console.web.admin.plan_notes import Note
from console.web.admin.plan_pages import PageLine, page_lines
from console.web.babel import gettext as _
from console.web.babel import ngettext


@dataclass(frozen=True, slots=True)
class StepLine:
    """One module of the plan; ``is_new`` when something else, or nothing, was shown for it before."""

    code: str
    name: str
    icon: str
    action: Action
    verb: str
    text: str
    hook: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A plan, ready to be shown and confirmed.

    Args:
        shown: What it shows, in a few words, for the form to carry.
        stale: Whether it replaces a plan that somebody confirmed too late.
        changes: What is different from that plan, a sentence each.
        idle: Which of several modules that were asked for are as asked already.
        notes: What keeps a module that goes on from working at once.
        prune_url: Where the same is planned with ``prune_label``; None when there is nothing to offer.
    """

    about: About
    subtitle: str
    digest: str
    shown: str
    stale: bool
    changes: tuple[str, ...]
    prune: bool
    steps: tuple[StepLine, ...]
    idle: str
    blocks: tuple[Note, ...]
    warnings: tuple[Notice, ...]
    notes: tuple[Note, ...]
    impact_title: str
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    pages: tuple[PageLine, ...]
    kept: tuple[str, ...]
    prune_url: str | None
    prune_label: str
    confirm: str | None
    foot: str

    @property
    def has_impact(self) -> bool:
        """Whether there is anything to say about people and data."""
        return bool(self.gained or self.lost or self.pages or self.kept)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the page of a plan depends on besides the plan.

    Args:
        platform: The platform's display name.
        hook_timeout_s: The deadline of hooks whose module sets none.
        unset: Code → keys that its configuration lacks or refuses.
        migrations_url: Where migrations are seen, for those who may.
    """

    platform: str
    hook_timeout_s: float
    unset: Mapping[str, tuple[str, ...]]
    migrations_url: str | None = None


def plan_page(
    registry: Registry,
    plan: Plan,
    impact: PlanImpact,
    *,
    about: About,
    around: Circumstances,
    before: str | None = None,
    refusal: str = "",
) -> PlanPage:
    """The page of ``plan``.

    Args:
        about: What was asked for.
        around: What else it depends on.
        before: What was shown by the plan that this one replaces; None when it replaces none.
        refusal: Why the plan cannot be accepted although no rule blocks it.
    """
    unneeded = [notice.module for notice in plan.warnings if notice.code == "unneeded"]
    blocks = [plan_notes.block(registry, plan, notice, migrations_url=around.migrations_url) for notice in plan.blocks]
    if refusal:
        blocks.append(Note(refusal))
    return PlanPage(
        about=about,
        subtitle=_("on %(platform)s", platform=around.platform),
        digest=plan.digest,
        shown=shown_of(plan),
        stale=before is not None,
        changes=what_changed(registry, before or "", plan),
        prune=plan.request.prune,
        steps=tuple(_steps(registry, plan, around, before)),
        idle=_idle(registry, plan),
        blocks=tuple(blocks),
        warnings=plan.warnings,
        notes=tuple(plan_notes.needs_config(registry, plan, around.unset)),
        impact_title=_impact_title(impact),
        gained=tuple(_menu_lines(registry, impact.menu_gained)),
        lost=tuple(_menu_lines(registry, impact.menu_lost)),
        pages=page_lines(registry, plan),
        kept=tuple(_kept(registry, plan, impact)),
        prune_url=about.prune_url if unneeded and not plan.request.prune else None,
        prune_label=_(
            "Also switch off %(modules)s, which nothing else needs",
            modules=", ".join(texts.module_name(registry, each) for each in unneeded),
        ),
        confirm=_confirm(plan) if plan.steps and not blocks else None,
        foot=_("Nothing can happen until this is settled.") if blocks else _foot(plan),
    )


def _steps(registry: Registry, plan: Plan, around: Circumstances, before: str | None) -> Iterator[StepLine]:
    new = new_steps(before, plan) if before else frozenset()
    for step in plan.steps:
        definition = registry[step.module].definition
        yield StepLine(
            code=step.module,
            name=texts.module_name(registry, step.module),
            icon=texts.module_icon(registry, step.module),
            action=step.action,
            verb=texts.action(step.action),
            text=texts.reason(registry, step.reason),
            hook=_hook(definition, step.action, around.hook_timeout_s) if step.hook else "",
            is_new=step.module in new,
        )


def _idle(registry: Registry, plan: Plan) -> str:
    moved = {step.module for step in plan.steps}
    rest = [texts.module_name(registry, code) for code in plan.request.want if code not in moved]
    return _("Already so: %(modules)s", modules=", ".join(rest)) if moved and rest else ""


def _hook(definition: ModuleDefinition | None, action: Action, timeout_s: float) -> str:
    own = None if definition is None else definition.hook_timeout_s
    limit = f"{own if own is not None else timeout_s:g}"
    if action is Action.ENABLE:
        return _("runs its set-up, at most %(seconds)s s a try", seconds=limit)
    return _("runs its clean-up, at most %(seconds)s s a try", seconds=limit)


def _impact_title(impact: PlanImpact) -> str:
    if not impact.vendors:
        return _("What changes")
    return ngettext("What changes for %(num)s vendor", "What changes for %(num)s vendors", impact.vendors)


def _menu_lines(registry: Registry, menus: Menus) -> Iterator[str]:
    for frontend, entries in menus.items():
        names = ", ".join(texts.entry_label(entry) for entry in entries)
        if frontend is FrontendType.VENDOR:
            yield _("Vendors’ menu: %(items)s", items=names)
        else:
            yield _("Admins’ menu: %(items)s", items=names)


def _kept(registry: Registry, plan: Plan, impact: PlanImpact) -> Iterator[str]:
    if not any(step.action is Action.DISABLE for step in plan.steps):
        return
    for code, rows in impact.rows_kept.items():
        name = texts.module_name(registry, code)
        yield ngettext("%(module)s keeps %(num)s record", "%(module)s keeps %(num)s records", rows, module=name)
    yield _("All settings are kept") if impact.rows_kept else _("All data and settings are kept")


def _confirm(plan: Plan) -> str:
    count = sum(step.action is not Action.CONFIGURE for step in plan.steps)
    if count and all(step.action is Action.DISABLE for step in plan.steps):
        return ngettext("Disable %(num)s module", "Disable %(num)s modules", count)
    if count and all(step.action is not Action.DISABLE for step in plan.steps):
        return ngettext("Enable %(num)s module", "Enable %(num)s modules", count)
    return _("Confirm")


def _foot(plan: Plan) -> str:
    hooks = sum(step.hook for step in plan.steps)
    if not hooks:
        return _("Takes effect at once.")
    return ngettext("%(num)s hook runs in the background.", "%(num)s hooks run in the background.", hooks)
