"""A row's switch: one click when nothing else is touched, a dialog when something is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from console.domain.plan_types import ChangeRequest, ModuleStatus, Notice, PlatformModules
from console.domain.planner import make_plan
from console.domain.registry import Registry
from console.domain.snapshot import Snapshot

if TYPE_CHECKING:
    from console.web.admin.sources import Sources


@dataclass(frozen=True, slots=True)
class Switch:
    """What a click asks for.

    Args:
        want: ``on`` or ``off``, never "toggle".
        url: Where the click goes.
        part: The same, as the list that stands one segment above it names it.
        digest: The plan that the click accepts; None sends it to the plan's dialog first.
    """

    want: str
    url: str
    part: str
    digest: str | None


def switch_of(src: Sources, code: str, status: ModuleStatus) -> Switch:
    """The switch of ``code``: direct when its plan is that one step and says nothing besides."""
    verb = "disable" if status.wanted else "enable"
    return Switch("off" if status.wanted else "on", src.url(code, verb), f"modules/{code}/{verb}", src.digests[code])


def direct_digests(
    registry: Registry, snapshot: Snapshot, unavailable: Mapping[str, Notice]
) -> Mapping[str, str | None]:
    """Code → digest of the plan that a direct switch accepts; None where the switch leads to the dialog."""
    rows, kept_off = frozenset(snapshot.rows.items()), frozenset(unavailable.items())
    return _digests(registry, snapshot.slug, rows=rows, unavailable=kept_off)


@lru_cache(maxsize=256)
def _digests(
    registry: Registry,
    slug: str,
    *,
    rows: frozenset[tuple[str, ModuleStatus]],
    unavailable: frozenset[tuple[str, Notice]],
) -> Mapping[str, str | None]:
    """Code → digest of its direct switch; planned once for each state of a platform, because plans are pure."""
    modules = PlatformModules(slug, 0, dict(rows))
    found: dict[str, str | None] = {}
    for code in registry:
        request = ChangeRequest({code: not modules.of(code).wanted})
        plan = make_plan(registry, modules, request, unavailable=dict(unavailable))
        direct = len(plan.steps) == 1 and not plan.blocks and not plan.warnings
        found[code] = plan.digest if direct else None
    return found
