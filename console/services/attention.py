"""What somebody should look at: the modules of every platform that are not as they should be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.plan_types import ModuleStatus
from console.domain.registry import InstalledModule
from console.domain.snapshot import Snapshot
from console.domain.words import HealthStatus, ModuleState, StepState
from console.services.health import SHARED
from console.services.runtime import Runtime
from console.storage.tables import HealthReport, ModuleRow, OperationStep


class Trouble(StrEnum):
    """Why a module needs a look."""

    QUARANTINED = "quarantined"
    FAILED = "failed"
    CANNOT_RUN = "cannot_run"
    NEEDS_CONFIG = "needs_config"
    WAITING = "waiting"
    UNHEALTHY = "unhealthy"
    DEGRADED = "degraded"


@dataclass(frozen=True, slots=True)
class Finding:
    """One module of one platform that needs a look.

    Args:
        operation_id: The operation that stopped at it.
    """

    module: str
    trouble: Trouble
    detail: str = ""
    wanted: bool = True
    operation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """The step at which an operation stopped."""

    operation_id: int
    message: str


Reports = Mapping[tuple[int, str], tuple[HealthStatus, str]]
Failures = Mapping[tuple[int, str], Failure]
_SICK = {HealthStatus.UNHEALTHY: Trouble.UNHEALTHY, HealthStatus.DEGRADED: Trouble.DEGRADED}
_MOVING = (ModuleState.ENABLING, ModuleState.DISABLING)


def reports(session: Session) -> Reports:
    """(Platform id, code) → status and message of every module that is not well; 0 is all platforms."""
    columns = select(HealthReport.platform_id, HealthReport.module, HealthReport.status, HealthReport.message)
    return {(row.platform_id, row.module): (row.status, row.message) for row in session.execute(columns)}


def failures(session: Session) -> Failures:
    """(Platform id, code) → the failed step of every module that rests as failed."""
    mine = (OperationStep.operation_id == ModuleRow.operation_id) & (OperationStep.module == ModuleRow.module)
    columns = (ModuleRow.platform_id, ModuleRow.module, ModuleRow.operation_id, OperationStep.error_message)
    found = select(*columns).join(OperationStep, mine)
    found = found.where(ModuleRow.state == ModuleState.FAILED, OperationStep.state == StepState.FAILED)
    return {
        (row.platform_id, row.module): Failure(row.operation_id, row.error_message or "")
        for row in session.execute(found)
        if row.operation_id is not None
    }


def of_platform(rt: Runtime, snapshot: Snapshot, *, reports: Reports, failures: Failures) -> list[Finding]:
    """What needs a look on one platform, in the order of the registry; asks the database nothing."""
    found = (_finding(rt, snapshot, module, reports, failures) for module in rt.registry.modules())
    return [each for each in found if each is not None]


def _finding(
    rt: Runtime, snapshot: Snapshot, module: InstalledModule, reports: Reports, failures: Failures
) -> Finding | None:
    code = module.code
    status = snapshot.rows.get(code, ModuleStatus())
    if module.quarantine is not None:
        return Finding(code, Trouble.QUARANTINED, module.quarantine, status.wanted)
    if status.state is ModuleState.FAILED:
        failure = failures.get((snapshot.platform_id, code))
        detail, operation_id = (failure.message, failure.operation_id) if failure is not None else ("", None)
        return Finding(code, Trouble.FAILED, detail, status.wanted, operation_id)
    if status.state in _MOVING:
        return None
    found = _ills(snapshot, code, reports) if snapshot.is_open(code) else _closed(rt, snapshot, module, status)
    return next(found, None)


def _closed(rt: Runtime, snapshot: Snapshot, module: InstalledModule, status: ModuleStatus) -> Iterator[Finding]:
    notice = rt.unavailable.get(module.code)
    if notice is not None and (status.wanted or module.is_core):
        yield Finding(module.code, Trouble.CANNOT_RUN, notice.message)
    elif status.wanted:
        closed = rt.registry.requires(module.code) - snapshot.open
        yield Finding(module.code, Trouble.WAITING, ", ".join(sorted(closed)))
    elif status.state is ModuleState.ENABLED:
        yield Finding(module.code, Trouble.WAITING, wanted=False)


def _ills(snapshot: Snapshot, code: str, reports: Reports) -> Iterator[Finding]:
    config = snapshot.config.get(code)
    if config is not None and config.problems:
        yield Finding(code, Trouble.NEEDS_CONFIG, ", ".join(sorted(config.problems)))
    report = reports.get((snapshot.platform_id, code)) or reports.get((SHARED, code))
    if report is not None and report[0] in _SICK:
        yield Finding(code, _SICK[report[0]], report[1])
