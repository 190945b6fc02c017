"""What would happen, before anything does: plans, what they mean for people, and their shape in JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Table, func, literal, select, union_all
from sqlalchemy.orm import Session

from console.domain.menu import MenuEntry
from console.domain.plan_types import ChangeRequest, ModuleStatus, Notice, Plan, PlatformModules
from console.domain.planner import make_plan
from console.domain.registry import Registry
from console.domain.words import Action, FrontendType, ModuleState
from console.errors import Unknown
from console.services import snapshots
from console.services.locked import statuses
from console.services.runtime import Runtime
from console.storage.base import Base
from console.storage.tables import ModuleRow, Platform, Vendor
from console.storage.tenancy import scope

Menus = Mapping[FrontendType, tuple[MenuEntry, ...]]


@dataclass(frozen=True, slots=True)
class HookCall:
    """A lifecycle hook that a plan will run."""

    module: str
    name: str


@dataclass(frozen=True, slots=True)
class PlanImpact:
    """What a plan means for people: who notices, which menu items come and go, what runs, what stays.

    Args:
        vendors: Vendors of the platform that see a difference; 0 when no vendor menu item changes.
        menu_gained: Frontend → items that appear.
        menu_lost: Frontend → items that disappear.
        hooks: The hooks in the order in which they run.
        rows_kept: Code → rows of a module that goes off; all of them stay, and a module without any is not named.
    """

    vendors: int
    menu_gained: Menus
    menu_lost: Menus
    hooks: tuple[HookCall, ...]
    rows_kept: Mapping[str, int]


def modules_of(session: Session, platform_id: int) -> PlatformModules:
    """The module rows of a platform as the planner takes them.

    Raises:
        Unknown: There is no such platform.
    """
    head = session.execute(select(Platform.slug, Platform.revision).where(Platform.id == platform_id)).one_or_none()
    if head is None:
        raise Unknown("platform", str(platform_id))
    found = select(ModuleRow).where(ModuleRow.platform_id == platform_id).execution_options(populate_existing=True)
    return PlatformModules(head.slug, head.revision, statuses(session.scalars(found).all()))


def preview(session: Session, rt: Runtime, platform_id: int, request: ChangeRequest) -> Plan:
    """The plan of ``request``; writes nothing.

    Raises:
        Unknown: The request names a module that is not installed.
    """
    return make_plan(rt.registry, modules_of(session, platform_id), request, unavailable=rt.unavailable)


def impact(session: Session, rt: Runtime, plan: Plan) -> PlanImpact:
    """What ``plan`` means for people, once all of it has succeeded."""
    platform_id = session.scalars(select(Platform.id).where(Platform.slug == plan.platform)).one()
    before = snapshots.current(session, rt, platform_id)
    after = snapshots.imagine(session, rt, platform_id, rows_after(plan, before.rows))
    gained, lost = _differ(before.menus, after.menus), _differ(after.menus, before.menus)
    vendors = 0
    if gained.get(FrontendType.VENDOR) or lost.get(FrontendType.VENDOR):
        alive = select(func.count()).where(Vendor.platform_id == platform_id, Vendor.archived_at.is_(None))
        vendors = session.scalar(alive) or 0
    hooks = tuple(HookCall(step.module, f"on_{step.action.value}") for step in plan.steps if step.hook)
    off = [step.module for step in plan.steps if step.action is Action.DISABLE]
    return PlanImpact(vendors, gained, lost, hooks, rows_kept(session, rt, platform_id, off))


def rows_after(plan: Plan, rows: Mapping[str, ModuleStatus]) -> dict[str, ModuleStatus]:
    """The rows once every step of ``plan`` has succeeded."""
    after = dict(rows)
    for step in plan.steps:
        on = step.action is not Action.DISABLE
        after[step.module] = ModuleStatus(on, step.origin, ModuleState.ENABLED if on else ModuleState.DISABLED)
    return after


def _differ(one: Menus, other: Menus) -> dict[FrontendType, tuple[MenuEntry, ...]]:
    """Frontend → the entries of ``other`` that ``one`` lacks."""
    found: dict[FrontendType, tuple[MenuEntry, ...]] = {}
    for frontend in FrontendType:
        known = {(entry.module, entry.id) for entry in one.get(frontend, ())}
        new = tuple(entry for entry in other.get(frontend, ()) if (entry.module, entry.id) not in known)
        if new:
            found[frontend] = new
    return found


def tables_of(registry: Registry, code: str) -> list[Table]:
    """The tables that belong to a module: the longest code that begins a table's name owns it."""
    labels = {each.replace("-", "_") for each in registry}
    own = code.replace("-", "_")
    found = []
    for table in Base.metadata.sorted_tables:
        owners = [label for label in labels if table.name.startswith(label + "_")]
        if owners and max(owners, key=len) == own:
            found.append(table)
    return found


def rows_kept(session: Session, rt: Runtime, platform_id: int, codes: Sequence[str]) -> dict[str, int]:
    """Code → how many rows those modules have on the platform, in one statement whatever they are.

    The scope of the tenant counts; a module whose tables are not migrated has none.
    """
    models = {mapper.local_table: mapper.class_ for mapper in Base.registry.mappers}
    counts = [
        select(literal(code).label("module"), func.count().label("rows")).select_from(models[table])
        for code in codes
        if code not in rt.unavailable
        for table in tables_of(rt.registry, code)
        if table in models and ("platform_id" in table.c or "vendor_id" in table.c)
    ]
    found: dict[str, int] = {}
    if counts:
        with scope(platform_id=platform_id):
            for code, rows in session.execute(union_all(*counts)):
                found[code] = found.get(code, 0) + rows
    return {code: rows for code, rows in found.items() if rows}


def as_json(plan: Plan) -> dict[str, object]:
    """The document of ``plan`` and ``--dry-run``."""
    return {
        "schema": 1,
        "platform": plan.platform,
        "revision": plan.revision,
        "digest": plan.digest,
        "steps": [
            {"module": step.module, "action": step.action.value, "reason": step.reason, "hook": step.hook}
            for step in plan.steps
        ],
        "warnings": [_notice(each) for each in plan.warnings],
        "blocks": [_notice(each) for each in plan.blocks],
    }


def _notice(notice: Notice) -> dict[str, object]:
    return {"code": notice.code, "module": notice.module, "message": notice.message, "hint": notice.hint}
