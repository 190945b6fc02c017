"""The lines of a step's log: written beside the hook by whoever holds its claim, read by pages and documents."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from console.domain.step_log import KEPT, LENGTH, Line, LineLevel, LogLine
from console.storage.tables import OperationStep, StepLine
from console.storage.uow import UnitOfWork


def write(uow: UnitOfWork, step_id: int, attempt: int, lines: Iterable[Line]) -> None:
    """Add ``lines`` and keep the newest of the step; call it where the claim on the step was just seen to hold."""
    rows = [
        StepLine(step_id=step_id, attempt=attempt, at=line.at, level=line.level.value, text=line.text[:LENGTH])
        for line in lines
    ]
    if not rows:
        return
    uow.session.add_all(rows)
    uow.session.flush()
    mine = StepLine.step_id == step_id
    oldest_kept = select(StepLine.id).where(mine).order_by(StepLine.id.desc()).offset(KEPT - 1).limit(1)
    beyond = delete(StepLine).where(mine, StepLine.id < oldest_kept.scalar_subquery())
    uow.session.execute(beyond.execution_options(synchronize_session=False))


def tell(uow: UnitOfWork, step: OperationStep, level: LineLevel, *, text: str, now: datetime) -> None:
    """Add the line that says that a try of ``step`` began or how it ended."""
    write(uow, step.id, step.attempts, [Line(now, level, text)])


def of_steps(session: Session, step_ids: Collection[int]) -> dict[int, tuple[LogLine, ...]]:
    """Step id → its log, oldest line first; one statement."""
    found: dict[int, list[LogLine]] = {step_id: [] for step_id in step_ids}
    columns = select(StepLine.step_id, StepLine.at, StepLine.attempt, StepLine.level, StepLine.text)
    for row in session.execute(columns.where(StepLine.step_id.in_(found)).order_by(StepLine.id)):
        found[row.step_id].append(LogLine(row.at, row.attempt, LineLevel(row.level), row.text))
    return {step_id: tuple(lines) for step_id, lines in found.items()}
