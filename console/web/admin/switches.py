"""A row's switch: one click when nothing else is touched, a dialog when something is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

from console.domain.plan_types import ChangeRequest, ModuleStatus, PlatformModules
from console.domain.planner import make_plan

if TYPE_CHECKING:
    from console.web.admin.sources import Sources


@dataclass(frozen=True, slots=True)
class Switch:
    """What a click asks for.

    Args:
        want: ``on`` or ``off``, never "toggle".
        url: Where the click goes.
        digest: The plan that the click accepts; None sends it to the plan's dialog first.
    """

    want: str
    url: str
    digest: str | None


def switch_of(src: Sources, code: str, status: ModuleStatus) -> Switch:
    """The switch of ``code``: direct when its plan is that one step and says nothing besides."""
    turn_on = not status.wanted
    endpoint = "pages.module_enable" if turn_on else "pages.module_disable"
    modules = PlatformModules(src.snapshot.slug, src.snapshot.revision, src.snapshot.rows)
    plan = make_plan(src.registry, modules, ChangeRequest({code: turn_on}), unavailable=src.unavailable)
    direct = len(plan.steps) == 1 and not plan.blocks and not plan.warnings
    return Switch("on" if turn_on else "off", url_for(endpoint, code=code), plan.digest if direct else None)
