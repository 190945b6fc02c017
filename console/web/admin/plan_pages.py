"""Which pages of admins and vendors come and go with a plan, by the addresses that people know them by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from console.domain.plan_types import Plan
from console.domain.registry import Registry
from console.domain.words import Action, FrontendType
from console.toolbox import RouteView, routes
from console.web.babel import ngettext


@dataclass(frozen=True, slots=True)
class PageLine:
    """Pages of one frontend that appear or disappear.

    Args:
        sign: ``plus`` or ``minus``.
        text: How many there are, and whose.
        paths: Their addresses below the platform's or the vendor's.
    """

    sign: str
    text: str
    paths: tuple[str, ...]


def page_lines(registry: Registry, plan: Plan) -> tuple[PageLine, ...]:
    """The pages that ``plan`` brings and takes, vendors' first."""
    if not plan.steps:
        return ()
    known = routes()
    on = {step.module for step in plan.steps if step.action is Action.ENABLE}
    off = {step.module for step in plan.steps if step.action is Action.DISABLE}
    found = []
    for frontend in (FrontendType.VENDOR, FrontendType.ADMIN):
        for sign, codes in (("plus", on), ("minus", off)):
            paths = _paths(registry, known, codes, frontend)
            if paths:
                found.append(PageLine(sign, _counted(frontend, len(paths)), paths))
    return tuple(found)


def _counted(frontend: FrontendType, count: int) -> str:
    if frontend is FrontendType.VENDOR:
        return ngettext("%(num)s page of vendors", "%(num)s pages of vendors", count)
    return ngettext("%(num)s page of admins", "%(num)s pages of admins", count)


def _paths(registry: Registry, known: Iterable[RouteView], codes: set[str], frontend: FrontendType) -> tuple[str, ...]:
    grouped = {name for code in codes if (own := registry[code].definition) is not None for name in own.endpoints}
    paths = {
        _below_tenant(route.rule)
        for route in known
        if "GET" in route.methods
        and _is_page_of(route, frontend)
        and (route.module in codes or route.endpoint in grouped)
    }
    return tuple(sorted(paths))


def _is_page_of(route: RouteView, frontend: FrontendType) -> bool:
    """Whether people open it: an address of that frontend that is no file."""
    return route.rule.startswith(f"/{frontend.value}/") and "." not in route.rule.rpartition("/")[2]


def _below_tenant(rule: str) -> str:
    """``/vendor/<vendor>/orders/<int:order_id>`` → ``orders/…``."""
    segments = rule.split("/")[3:]
    return "/".join("…" if segment.startswith("<") else segment for segment in segments).rstrip("/")
