"""What the rows of a page are made from, read once per request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from flask import url_for
from sqlalchemy.orm import Session

from console.context import current, runtime
from console.domain.permissions import Grants
from console.domain.plan_types import Notice
from console.domain.registry import Registry
from console.domain.snapshot import Snapshot
from console.domain.words import HealthStatus, ModuleState
from console.services import changes, health, operations, snapshots
from console.services.changes import LastChange
from console.services.health import HealthView
from console.services.operation_views import OperationView, StepView
from console.web.admin.switches import direct_digests

PLACE = "_code_"
"""Stands for the code in ``base_url``; neither codes nor slugs begin with an underscore."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Snapshot, reports and operations of one platform, and what the person may do there."""

    registry: Registry
    snapshot: Snapshot
    unavailable: Mapping[str, Notice]
    reports: Mapping[str, HealthView]
    operations: Mapping[str, tuple[OperationView, StepView]]
    changes: Mapping[str, LastChange]
    needs: Mapping[str, frozenset[str]]
    needed_by: Mapping[str, frozenset[str]]
    may_toggle: bool
    may_configure: bool
    now: datetime
    base_url: str
    migrations_url: str | None
    digests: Mapping[str, str | None]

    def url(self, code: str, part: str = "") -> str:
        """The address of a module's page, or of a part of it; spelled once, because a list has hundreds."""
        page = self.base_url.replace(PLACE, code)
        return f"{page}/{part}" if part else page

    def report(self, code: str) -> HealthView:
        """The last health report of ``code``; unknown before the first."""
        return self.reports.get(code) or HealthView(code, HealthStatus.UNKNOWN, "", {}, None)

    def moving(self, code: str) -> tuple[OperationView | None, StepView | None]:
        """The newest operation with a step for ``code``, when the module is not at rest."""
        return self.operations.get(code, (None, None))


def read_sources(session: Session) -> Sources:
    """What the pages of the current platform are made from, at the newest revision."""
    rt = runtime()
    scope = current()
    assert scope.platform is not None
    assert scope.grants is not None
    snapshot = snapshots.current(session, rt, scope.platform.id)
    return Sources(
        registry=rt.registry,
        snapshot=snapshot,
        unavailable=rt.unavailable,
        reports=health.latest(session, scope.platform.id),
        operations=_not_at_rest(session, snapshot),
        changes=changes.last_changes(session, scope.platform.id),
        now=rt.clock(),
        base_url=url_for("pages.module", code=PLACE),
        migrations_url=url_for("instance.migrations") if scope.grants.is_instance_admin else None,
        digests=direct_digests(rt.registry, snapshot, unavailable=rt.unavailable),
        needs=neighbours(rt.registry)[0],
        needed_by=neighbours(rt.registry)[1],
        **_may(scope.grants, scope.platform.id),
    )


@lru_cache(maxsize=8)
def neighbours(registry: Registry) -> tuple[Mapping[str, frozenset[str]], Mapping[str, frozenset[str]]]:
    """What each module requires and what requires it, looked up once per registry."""
    needs = {code: registry.requires(code) for code in registry}
    needed_by = {code: frozenset(each for each, names in needs.items() if code in names) for code in registry}
    return needs, needed_by


def _may(grants: Grants, platform_id: int) -> dict[str, bool]:
    names = {"may_toggle": "modules.toggle", "may_configure": "modules.configure"}
    return {name: grants.allows(permission, platform_id=platform_id) for name, permission in names.items()}


def _not_at_rest(session: Session, snapshot: Snapshot) -> dict[str, tuple[OperationView, StepView]]:
    at_rest = (ModuleState.ENABLED, ModuleState.DISABLED)
    codes = {
        code
        for code, status in snapshot.rows.items()
        if status.state not in at_rest or status.wanted != (status.state is ModuleState.ENABLED)
    }
    latest = operations.in_hand(session, snapshot.platform_id) if codes else {}
    return {
        code: (operation, next(step for step in operation.steps if step.module == code))
        for code, operation in latest.items()
        if code in codes
    }
