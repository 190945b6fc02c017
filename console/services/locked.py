"""One platform under its lock: the only place from which its module rows are changed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from console.domain.plan_types import ModuleStatus, PlatformModules
from console.domain.snapshot import open_codes
from console.domain.words import OPEN_STATES, ModuleState, OperationState
from console.errors import Unknown
from console.services import schema
from console.services.runtime import Message, Runtime
from console.storage.tables import ModuleRow, Operation, OperationStep, Platform
from console.storage.uow import UnitOfWork

_FRESH = {"populate_existing": True}


@dataclass(slots=True)
class LockedPlatform:
    """A platform, its module rows and its open operations, held by one unit of work.

    Args:
        came_on: Whether a module came on in it whose requests are not granted yet.
    """

    uow: UnitOfWork
    rt: Runtime
    platform: Platform
    rows: dict[str, ModuleRow]
    now: datetime
    came_on: bool = False
    _bumped: bool = field(default=False)

    @property
    def session(self) -> Session:
        """The session of the unit of work."""
        return self.uow.session

    @property
    def id(self) -> int:
        """Id of the platform."""
        return self.platform.id

    def row(self, code: str) -> ModuleRow:
        """The row of ``code``, made when it was never switched."""
        found = self.rows.get(code)
        if found is None:
            found = ModuleRow(
                platform_id=self.id,
                module=code,
                wanted=False,
                origin=None,
                state=ModuleState.DISABLED,
                changed_at=self.now,
                operation_id=None,
            )
            self.session.add(found)
            self.rows[code] = found
        return found

    def modules(self) -> PlatformModules:
        """The rows as the planner takes them."""
        return PlatformModules(self.platform.slug, self.platform.revision, statuses(self.rows.values()))

    def open_codes(self) -> frozenset[str]:
        """The modules whose gate is open at this moment of the transaction."""
        return open_codes(self.rt.registry, statuses(self.rows.values()), self.rt.unavailable)

    def bump(self) -> None:
        """Raise the revision by one, once in this unit of work."""
        if not self._bumped:
            self.platform.revision += 1
            self._bumped = True

    def wake(self, *, delay_s: float = 0.0) -> None:
        """Call a runner to this platform, if this transaction commits."""
        self.rt.messenger.send(self.session, Message("platform", self.id), delay_s=delay_s)

    def open_operations(self) -> list[Operation]:
        """Queued and running operations; the one that has begun first, then by age."""
        begun = case((Operation.state == OperationState.RUNNING, 0), else_=1)
        found = (
            select(Operation)
            .where(Operation.platform_id == self.id, Operation.state.in_(OPEN_STATES))
            .order_by(begun, Operation.id)
        )
        return list(self.session.scalars(found.execution_options(**_FRESH)))

    def steps(self, operation_ids: Collection[int]) -> list[OperationStep]:
        """The steps of those operations, oldest operation first, in order."""
        if not operation_ids:
            return []
        found = (
            select(OperationStep)
            .where(OperationStep.operation_id.in_(operation_ids))
            .order_by(OperationStep.operation_id, OperationStep.position)
        )
        return list(self.session.scalars(found.execution_options(**_FRESH)))


def lock(uow: UnitOfWork, rt: Runtime, platform_id: int, now: datetime) -> LockedPlatform:
    """The platform with its rows, locked until the unit of work ends."""
    platform = uow.lock_platform(platform_id)
    schema.refresh(uow.session, rt)
    found = select(ModuleRow).where(ModuleRow.platform_id == platform_id).execution_options(**_FRESH)
    return LockedPlatform(uow, rt, platform, {row.module: row for row in uow.session.scalars(found)}, now)


def lock_operation(uow: UnitOfWork, rt: Runtime, operation_id: int, now: datetime) -> tuple[LockedPlatform, Operation]:
    """The platform of an operation, locked, and the operation as it is under the lock.

    Raises:
        Unknown: There is no such operation.
    """
    platform_id = uow.session.scalar(select(Operation.platform_id).where(Operation.id == operation_id))
    if platform_id is None:
        raise Unknown("operation", str(operation_id))
    held = lock(uow, rt, platform_id, now)
    found = select(Operation).where(Operation.id == operation_id).execution_options(**_FRESH)
    return held, uow.session.scalars(found).one()


def statuses(rows: Collection[ModuleRow]) -> dict[str, ModuleStatus]:
    """Rows as values by code."""
    return {row.module: status_of(row) for row in rows}


def status_of(row: ModuleRow) -> ModuleStatus:
    """One row as a value."""
    return ModuleStatus(row.wanted, row.origin, row.state)


def status_json(status: ModuleStatus) -> dict[str, object]:
    """A row as the audit keeps it."""
    origin = None if status.origin is None else status.origin.value
    return {"wanted": status.wanted, "origin": origin, "state": status.state.value}
