"""What is different between the plan that somebody was shown and the plan of now.

A plan's form carries what it showed in a few words; they are only ever compared, so a made-up one changes nothing but
the sentences that its sender reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from console.domain.plan_types import Plan
from console.domain.registry import Registry
from console.domain.words import Action
from console.web.admin import texts
from console.web.babel import gettext as _

LIMIT = 20_000


def shown_of(plan: Plan) -> str:
    """The steps and notices of ``plan``, as its form carries them."""
    steps = [f"{step.action.value}:{step.module}" for step in plan.steps]
    return " ".join([*steps, *(f"notice:{each.code}:{each.module}" for each in plan.warnings)])


def shown_directly(code: str, *, turn_on: bool) -> str:
    """What a direct switch shows: that module and no other."""
    return f"{Action.ENABLE.value if turn_on else Action.DISABLE.value}:{code}"


def new_steps(shown: str, plan: Plan) -> frozenset[str]:
    """The modules of ``plan`` for which another thing, or nothing, was shown."""
    before = _steps_of(shown)
    return frozenset(step.module for step in plan.steps if before.get(step.module) != step.action.value)


def what_changed(registry: Registry, shown: str, plan: Plan) -> tuple[str, ...]:
    """One sentence for each difference; nothing when it is not known what was shown."""
    if not shown:
        return ()
    found = (*_come(registry, shown, plan), *_gone(registry, shown, plan), *_said(shown, plan))
    return found or (_("The modules are the same; their order, reasons or hooks changed."),)


def _steps_of(shown: str) -> Mapping[str, str]:
    pairs = (word.partition(":") for word in shown[:LIMIT].split() if not word.startswith("notice:"))
    return {module: action for action, _colon, module in pairs}


def _come(registry: Registry, shown: str, plan: Plan) -> Iterator[str]:
    new = new_steps(shown, plan)
    for step in plan.steps:
        if step.module not in new:
            continue
        facts = {"module": texts.module_name(registry, step.module), "reason": texts.reason(registry, step.reason)}
        if step.action is Action.ENABLE:
            yield _("New: %(module)s goes on (%(reason)s).", **facts)
        elif step.action is Action.DISABLE:
            yield _("New: %(module)s goes off (%(reason)s).", **facts)
        else:
            yield _("%(module)s is on already; it now stays on for its own sake.", **facts)


def _gone(registry: Registry, shown: str, plan: Plan) -> Iterator[str]:
    now = {step.module for step in plan.steps}
    for module, action in _steps_of(shown).items():
        if module in now or module not in registry:
            continue
        name = texts.module_name(registry, module)
        if action == Action.ENABLE:
            yield _("%(module)s is not part of it any more: it is on already.", module=name)
        elif action == Action.DISABLE and not plan.request.prune:
            yield _("%(module)s is not part of it any more: it is off already.", module=name)
        else:
            yield _("%(module)s is not part of it any more.", module=name)


def _said(shown: str, plan: Plan) -> Iterator[str]:
    before = {word for word in shown[:LIMIT].split() if word.startswith("notice:")}
    now = {f"notice:{each.code}:{each.module}" for each in plan.warnings}
    if now - before:
        yield _("There is a warning that was not there.")
    if before - now:
        yield _("A warning that was there is gone.")
