"""Deleting what a module keeps for one platform: counted first, confirmed by name, then gone, with its settings.

Switching a module off keeps its rows. Purging is the only way to lose them, and cannot be undone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from console.domain.actor import Actor
from console.domain.plan_types import OFF, Notice
from console.domain.words import OPEN_STATES, DeliveryState, ModuleState
from console.errors import RuleRefused, UsageError
from console.phrases import say
from console.services import audit, config_store, owned_rows
from console.services.locked import lock, status_of
from console.services.owned_rows import OwnedTable
from console.services.runtime import Runtime
from console.storage.tables import (
    ConfigRevision,
    Delivery,
    HealthReport,
    ModuleConfig,
    ModuleRow,
    Operation,
    Platform,
    TaskRun,
)
from console.storage.tenancy import system_scope
from console.storage.uow import UnitOfWork

if TYPE_CHECKING:
    from console.domain.registry import InstalledModule
    from console.services.locked import LockedPlatform

WORK_OPEN = "work_open"
UNFINISHED = (DeliveryState.PENDING, DeliveryState.RUNNING)


@dataclass(frozen=True, slots=True)
class TableCount:
    """A table of the module.

    Args:
        rows: Those of the platform; None when they cannot be counted now.
        owned: Whether its rows belong to tenants; those of other tables stay.
    """

    name: str
    rows: int | None
    owned: bool = True


@dataclass(frozen=True, slots=True)
class PurgeView:
    """What a purge would delete, or has deleted.

    Args:
        tables: In the order in which they are made; rows go in the opposite one.
        settings: How many settings are stored for the platform.
        revisions: How many former versions of them.
        blocks: Why it may not be done now, each with the way out.
        used_by: Tables of other modules with rows that refer to these.
    """

    platform: str
    module: str
    tables: tuple[TableCount, ...]
    settings: int
    revisions: int
    blocks: tuple[Notice, ...] = ()
    used_by: tuple[str, ...] = ()

    @property
    def confirm(self) -> str:
        """What has to be typed."""
        return f"{self.platform}/{self.module}"

    @property
    def rows(self) -> int:
        """How many rows of all tables."""
        return sum(table.rows or 0 for table in self.tables)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to delete."""
        return not (self.rows or self.settings or self.revisions)


def look(session: Session, rt: Runtime, platform_id: int, code: str) -> PurgeView:
    """What purging would delete now; changes nothing.

    Raises:
        Unknown: There is no such module.
    """
    module = rt.registry[code]
    platform = session.get_one(Platform, platform_id)
    tables = owned_rows.owned_tables(rt.registry, code, platform_id)
    readable = module.live and code not in rt.unavailable
    counts = owned_rows.counts(session, tables) if readable else {}
    used_by = tuple(owned_rows.pointing_at(session, tables)) if readable else ()
    mine = (ConfigRevision.platform_id == platform_id, ConfigRevision.module == code)
    stored = config_store.load(session, platform_id, code).get(code, config_store.NOTHING)
    return PurgeView(
        platform=platform.slug,
        module=code,
        tables=tuple(TableCount(each.name, counts.get(each.name), each.condition is not None) for each in tables),
        settings=len(stored.overrides) or int(stored.damaged),
        revisions=session.scalar(select(func.count()).select_from(ConfigRevision).where(*mine)) or 0,
        blocks=tuple(_blocks(session, rt, platform, module, used_by=used_by)),
        used_by=used_by,
    )


def purge(
    uow: UnitOfWork, rt: Runtime, platform_id: int, code: str, *, confirm: str, actor: Actor, now: datetime
) -> PurgeView:
    """Delete the platform's rows in the module's tables, and its settings with their history; what was deleted.

    Other platforms' rows stay, and so do audit and operations. Where there is nothing to delete nothing is written.

    Args:
        confirm: ``PLATFORM/CODE``, as somebody typed it.

    Raises:
        Unknown: There is no such module.
        RuleRefused: A block of ``look``; its code is the first block's.
        UsageError: ``confirmation_wrong``: another name was typed.
    """
    held = lock(uow, rt, platform_id, now)
    view = look(uow.session, rt, platform_id, code)
    must_not_be_blocked(view)
    if confirm != view.confirm:
        raise UsageError(
            say("The confirmation does not name what would be deleted: %(name)s.", name=view.confirm),
            code="confirmation_wrong",
            hint=say("Type %(name)s to delete it.", name=view.confirm),
        )
    if view.is_empty:
        return view
    _delete_rows(uow.session, owned_rows.owned_tables(rt.registry, code, platform_id))
    _delete_settings(held, code)
    held.bump()
    before: dict[str, object] = {table.name: table.rows for table in view.tables if table.rows}
    before |= {"settings": view.settings} if view.settings else {}
    after = dict.fromkeys(before, 0)
    audit.record(
        uow, actor, action="modules.purge", target=code, now=now, platform_id=platform_id, before=before, after=after
    )
    return view


def must_not_be_blocked(view: PurgeView) -> None:
    """Refuse what a rule forbids.

    Raises:
        RuleRefused: With the first block's code, message and hint.
    """
    if view.blocks:
        first = view.blocks[0]
        blocks = [{"code": each.code, "module": each.module, "message": each.message} for each in view.blocks]
        raise RuleRefused(first.message, code=first.code, hint=first.hint or None, blocks=blocks)


def as_json(view: PurgeView, *, purged: bool, export: str | None = None) -> dict[str, object]:
    """The document of ``purge``."""
    facts = {
        "platform": view.platform,
        "module": view.module,
        "confirm": view.confirm,
        "purged": purged,
        "rows": view.rows,
        "tables": [{"name": table.name, "rows": table.rows, "owned": table.owned} for table in view.tables],
        "settings": view.settings,
        "revisions": view.revisions,
        "export": export,
        "blocks": [{"code": each.code, "message": each.message, "hint": each.hint} for each in view.blocks],
    }
    return {"schema": 1, "purge": facts}


def _delete_rows(session: Session, tables: list[OwnedTable]) -> None:
    """Rows that refer to others go before those."""
    with system_scope():  # each statement names the platform itself
        for each in reversed(tables):
            if each.condition is not None:
                session.execute(delete(each.table).where(each.condition))
    session.expire_all()


def _delete_settings(held: LockedPlatform, code: str) -> None:
    """The row with the revision's number stays, empty: a form that is still open somewhere must not fit again."""
    session = held.session
    row = session.get(ModuleConfig, (held.id, code), populate_existing=True)
    if row is not None:
        row.revision += 1
        row.overrides = {}
        row.changed_at = held.now
    mine = (ConfigRevision.platform_id == held.id, ConfigRevision.module == code)
    session.execute(delete(ConfigRevision).where(*mine))
    session.execute(delete(HealthReport).where(HealthReport.platform_id == held.id, HealthReport.module == code))


# --- what stands in the way -------------------------------------------------------------------------------------------


def _blocks(
    session: Session, rt: Runtime, platform: Platform, module: InstalledModule, *, used_by: tuple[str, ...]
) -> Iterator[Notice]:
    if module.is_core:
        text = f"{module.name} is a core module: it is never off, and what it keeps stays."
        yield Notice("core_protected", module.code, text)
        return
    if platform.archived_at is not None:
        yield Notice("platform_archived", module.code, f"The platform {platform.slug!r} is archived.")
    yield from _not_off(session, platform.id, module)
    if not module.live:
        text = f"{module.name} is quarantined, so nobody knows its tables."
        yield Notice("quarantined", module.code, text, "Mend the module and start the console again.")
    elif module.code in rt.unavailable:
        yield rt.unavailable[module.code]
    elif used_by:
        text = f"Rows of other modules refer to rows of {module.name}: {', '.join(used_by)}."
        yield Notice("rows_in_use", module.code, text, "Purge those modules first.")


def _not_off(session: Session, platform_id: int, module: InstalledModule) -> Iterator[Notice]:
    row = session.get(ModuleRow, (platform_id, module.code), populate_existing=True)
    status = OFF if row is None else status_of(row)
    if status.wanted or status.state is not ModuleState.DISABLED:
        text = f"{module.name} is not switched off on this platform."
        yield Notice("not_disabled", module.code, text, f"Switch it off first: `modules disable {module.code}`.")
    opened = select(Operation.id).where(Operation.platform_id == platform_id, Operation.state.in_(OPEN_STATES))
    if session.scalar(select(opened.exists())):
        text = "An operation of this platform is still open."
        yield Notice("operation_open", module.code, text, "Wait for its end, or cancel it.")
    deliveries = select(Delivery.id).where(
        Delivery.platform_id == platform_id, Delivery.owner == module.code, Delivery.state.in_(UNFINISHED)
    )
    runs = select(TaskRun.id).where(
        TaskRun.platform_id == platform_id, TaskRun.module == module.code, TaskRun.state.in_(UNFINISHED)
    )
    if session.scalar(select(deliveries.exists() | runs.exists())):
        text = f"{module.name} still works in the background here: a task or a delivery has not ended."
        yield Notice(WORK_OPEN, module.code, text, "Wait for its end; a runner must be alive for that.")
