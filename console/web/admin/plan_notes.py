"""What stands in the way of a plan or of a module in it, each with the way out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import url_for

from console.domain.plan_types import Notice, Plan
from console.domain.registry import Registry
from console.domain.words import Action
from console.web.admin import texts
from console.web.babel import gettext as _

NEEDS_MIGRATION = "needs_migration"


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence with what to do about it, and where."""

    message: str
    hint: str = ""
    url: str | None = None
    link: str = ""


def block(registry: Registry, plan: Plan, notice: Notice, *, migrations_url: str | None) -> Note:
    """What forbids the plan, with a link to where that is settled."""
    url, link = _way_out(registry, plan, notice, migrations_url)
    return Note(notice.message, notice.hint, url, link)


def _way_out(registry: Registry, plan: Plan, notice: Notice, migrations_url: str | None) -> tuple[str | None, str]:
    if notice.code == NEEDS_MIGRATION and migrations_url:
        return migrations_url, _("See migrations")
    if notice.code == "conflict" and notice.other in registry and not registry[notice.other].is_core:
        name = texts.module_name(registry, notice.other)
        return url_for("pages.module_disable", code=notice.other), _("Disable %(module)s", module=name)
    if notice.code in ("contradiction", "core_protected") and len(plan.request.want) > 1:
        left = {code: on for code, on in plan.request.want.items() if code != notice.module}
        on, off = [code for code in left if left[code]], [code for code in left if not left[code]]
        name = texts.module_name(registry, notice.module)
        return url_for("pages.operations_plan", on=on, off=off), _("Plan it without %(module)s", module=name)
    if not notice.module:
        return None, ""
    name = texts.module_name(registry, notice.module)
    return url_for("pages.module", code=notice.module), _("Look at %(module)s", module=name)


def needs_config(registry: Registry, plan: Plan, unset: Mapping[str, tuple[str, ...]]) -> Iterator[Note]:
    """Modules that go on and lack configuration: the plan holds, but they need that first."""
    for step in plan.steps:
        keys = unset.get(step.module)
        if keys and step.action is Action.ENABLE:
            name = texts.module_name(registry, step.module)
            message = _("%(module)s needs configuration: %(keys)s.", module=name, keys=", ".join(keys))
            url = url_for("pages.module_config", code=step.module)
            yield Note(message, _("It can be saved before or after."), url, _("Configure %(module)s", module=name))
