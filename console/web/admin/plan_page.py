"""A plan as people read it: each module with its reason, what vendors gain or lose, what stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for

from console.domain.plan_types import ChangeRequest, Notice, Plan
from console.domain.registry import Registry
from console.domain.words import Action, FrontendType
from console.services.plans import Menus, PlanImpact
from console.web.admin import texts
from console.web.babel import gettext as _
from console.web.babel import ngettext


@dataclass(frozen=True, slots=True)
class StepLine:
    """One module of the plan."""

    code: str
    name: str
    icon: str
    action: Action
    verb: str
    text: str
    hook: str


@dataclass(frozen=True, slots=True)
class BlockLine:
    """What forbids the plan, and where the way out begins."""

    message: str
    hint: str
    url: str | None
    link: str


@dataclass(frozen=True, slots=True)
class About:
    """What was asked for: the words and addresses of its page.

    Args:
        want: ``on`` or ``off``; empty when it is not about one module.
    """

    name: str
    icon: str
    enabling: bool
    want: str
    title: str
    url: str
    back_url: str
    above_url: str


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A plan, ready to be shown and confirmed."""

    about: About
    subtitle: str
    digest: str
    stale: bool
    prune: bool
    steps: tuple[StepLine, ...]
    blocks: tuple[BlockLine, ...]
    warnings: tuple[Notice, ...]
    impact_title: str
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    kept: tuple[str, ...]
    prune_url: str | None
    prune_label: str
    confirm: str | None
    foot: str


def request_of(code: str, *, turn_on: bool, prune: bool = False) -> ChangeRequest:
    """The request that a page makes: people were shown everything, so cascades are allowed."""
    return ChangeRequest({code: turn_on}, prune=prune)


def about_module(registry: Registry, code: str, *, enabling: bool) -> About:
    """What the page of switching ``code`` is called and where it leads."""
    name = texts.module_name(registry, code)
    return About(
        name=name,
        icon=texts.module_icon(registry, code),
        enabling=enabling,
        want="on" if enabling else "off",
        title=_("Enable %(module)s", module=name) if enabling else _("Disable %(module)s", module=name),
        url=url_for("pages.module_enable" if enabling else "pages.module_disable", code=code),
        back_url=url_for("pages.modules"),
        above_url=url_for("pages.module", code=code),
    )


def about_undo(operation_id: int, title: str) -> About:
    """What the page of undoing an operation is called and where it leads."""
    above = url_for("pages.operation", operation_id=operation_id)
    return About(
        name=title,
        icon="undo-2",
        enabling=True,
        want="",
        title=_("Undo “%(operation)s”", operation=title),
        url=url_for("pages.operation_undo", operation_id=operation_id),
        back_url=above,
        above_url=above,
    )


def plan_page(
    registry: Registry,
    plan: Plan,
    impact: PlanImpact,
    *,
    about: About,
    platform: str,
    stale: bool = False,
    refusal: str = "",
) -> PlanPage:
    """The page of ``plan``.

    Args:
        about: What was asked for.
        platform: The platform's display name.
        stale: Whether it replaces a plan that somebody confirmed too late.
        refusal: Why the plan cannot be accepted although no rule blocks it.
    """
    unneeded = [notice.module for notice in plan.warnings if notice.code == "unneeded"]
    prunable = bool(unneeded and about.want) and not plan.request.prune
    blocks = [_block(notice) for notice in plan.blocks]
    if refusal:
        blocks.append(BlockLine(refusal, "", None, ""))
    return PlanPage(
        about=about,
        subtitle=_("on %(platform)s", platform=platform),
        digest=plan.digest,
        stale=stale,
        prune=plan.request.prune,
        steps=tuple(_steps(registry, plan)),
        blocks=tuple(blocks),
        warnings=plan.warnings,
        impact_title=_impact_title(impact),
        gained=tuple(_menu_lines(impact.menu_gained)),
        lost=tuple(_menu_lines(impact.menu_lost)),
        kept=tuple(_kept(plan, impact)),
        prune_url=f"{about.url}?prune=1" if prunable else None,
        prune_label=_(
            "Also switch off %(modules)s, which nothing else needs",
            modules=", ".join(texts.module_name(registry, each) for each in unneeded),
        ),
        confirm=_confirm(plan) if plan.steps and not blocks else None,
        foot=_("Nothing can happen until this is settled.") if blocks else _foot(plan),
    )


def _steps(registry: Registry, plan: Plan) -> Iterator[StepLine]:
    for step in plan.steps:
        hook = ""
        if step.hook:
            hook = _("runs its set-up") if step.action is Action.ENABLE else _("runs its clean-up")
        yield StepLine(
            code=step.module,
            name=texts.module_name(registry, step.module),
            icon=texts.module_icon(registry, step.module),
            action=step.action,
            verb=texts.action(step.action),
            text=texts.reason(registry, step.reason),
            hook=hook,
        )


def _block(notice: Notice) -> BlockLine:
    url = url_for("pages.module", code=notice.module) if notice.module else None
    return BlockLine(notice.message, notice.hint, url, _("Look at %(module)s", module=notice.module))


def _impact_title(impact: PlanImpact) -> str:
    if not impact.vendors:
        return _("What changes")
    return ngettext("What changes for %(num)s vendor", "What changes for %(num)s vendors", impact.vendors)


def _menu_lines(menus: Menus) -> Iterator[str]:
    for frontend, entries in menus.items():
        names = ", ".join(texts.entry_label(entry) for entry in entries)
        if frontend is FrontendType.VENDOR:
            yield _("Vendors’ menu: %(items)s", items=names)
        else:
            yield _("Admins’ menu: %(items)s", items=names)


def _kept(plan: Plan, impact: PlanImpact) -> Iterator[str]:
    if any(step.action is Action.DISABLE for step in plan.steps):
        if impact.rows_kept:
            yield ngettext(
                "%(num)s record and all settings are kept",
                "%(num)s records and all settings are kept",
                impact.rows_kept,
            )
        else:
            yield _("All data and settings are kept")


def _confirm(plan: Plan) -> str:
    count = sum(step.action is not Action.CONFIGURE for step in plan.steps)
    if all(step.action is Action.DISABLE for step in plan.steps):
        return ngettext("Disable %(num)s module", "Disable %(num)s modules", count)
    if all(step.action is Action.ENABLE for step in plan.steps):
        return ngettext("Enable %(num)s module", "Enable %(num)s modules", count)
    return _("Confirm")


def _foot(plan: Plan) -> str:
    hooks = sum(step.hook for step in plan.steps)
    if not hooks:
        return _("Takes effect at once.")
    return ngettext("%(num)s hook runs in the background.", "%(num)s hooks run in the background.", hooks)
