"""Operations and their steps as values, and their shape in JSON.

Source: the contract, section 3, ``operations ID``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.sentences import recall
from console.domain.step_log import LogLine
from console.domain.words import OPEN_STATES, Action, OperationKind, OperationState, Origin, StepState
from console.storage.tables import Operation, OperationStep, Platform

SUPERSEDED = "superseded"
"""The ``error_class`` of a step that a later request reversed before it ran."""

WITHOUT_HOOK = "forced"
"""The ``error_class`` of a step that somebody ended without its hook."""


@dataclass(frozen=True, slots=True)
class StepError:
    """Why a step failed or was skipped; the traceback is for admins only."""

    kind: str
    message: str
    field: str | None = None
    traceback: str | None = None


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of an operation: what it does, why, how far it is.

    Args:
        log: What its hook said, oldest line first; None where the log was not asked for.
    """

    id: int
    position: int
    module: str
    action: Action
    reason: str
    origin: Origin | None
    hook: bool
    state: StepState
    attempts: int
    progress_done: int | None
    progress_total: int | None
    progress_text: str
    next_try_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    error: StepError | None
    log: tuple[LogLine, ...] | None = None

    @property
    def is_done(self) -> bool:
        """Whether it has succeeded."""
        return self.state is StepState.SUCCEEDED

    @property
    def superseded(self) -> bool:
        """Whether a later request reversed it before it ran."""
        return self.state is StepState.SKIPPED and self.error is not None and self.error.kind == SUPERSEDED

    @property
    def forced(self) -> bool:
        """Whether it ended without its hook, on somebody's word."""
        return self.state is StepState.SUCCEEDED and self.error is not None and self.error.kind == WITHOUT_HOOK


@dataclass(frozen=True, slots=True)
class OperationView:
    """An accepted plan with its journal."""

    id: int
    platform_id: int
    platform: str
    kind: OperationKind
    state: OperationState
    revision: int
    request: Mapping[str, object]
    undoes_id: int | None
    note: str
    actor: str
    source: str
    request_id: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    steps: tuple[StepView, ...]

    @property
    def is_open(self) -> bool:
        """Whether a runner still has something to do."""
        return self.state in OPEN_STATES

    @property
    def failed_step(self) -> StepView | None:
        """The step that stopped the operation."""
        return next((step for step in self.steps if step.state is StepState.FAILED), None)

    @property
    def current_step(self) -> StepView | None:
        """The step that runs, or the one whose turn is next."""
        unfinished = (StepState.RUNNING, StepState.PENDING)
        return next((step for step in self.steps if step.state in unfinished), None)

    @property
    def can_cancel(self) -> bool:
        """Queued, or waiting between tries: nothing of it runs now."""
        return self.is_open and all(step.state is not StepState.RUNNING for step in self.steps)

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back; whether it still can be is a matter of its plan."""
        ended = (OperationState.SUCCEEDED, OperationState.FAILED, OperationState.KEPT)
        return self.state in ended and any(step.state is not StepState.SKIPPED for step in self.steps)


def step_view(step: OperationStep) -> StepView:
    """``step`` as a value."""
    error = None
    if step.error_class is not None:
        error = StepError(step.error_class, recall(step.error_message or ""), step.error_field, step.error_traceback)
    return StepView(
        id=step.id,
        position=step.position,
        module=step.module,
        action=step.action,
        reason=step.reason,
        origin=step.origin,
        hook=step.hook,
        state=step.state,
        attempts=step.attempts,
        progress_done=step.progress_done,
        progress_total=step.progress_total,
        progress_text=step.progress_text,
        next_try_at=step.next_try_at,
        started_at=step.started_at,
        finished_at=step.finished_at,
        error=error,
    )


def operation_view(operation: Operation, steps: Sequence[OperationStep], platform: str) -> OperationView:
    """``operation`` of the platform with the slug ``platform`` as a value."""
    return OperationView(
        id=operation.id,
        platform_id=operation.platform_id,
        platform=platform,
        kind=operation.kind,
        state=operation.state,
        revision=operation.revision,
        request=operation.request,
        undoes_id=operation.undoes_id,
        note=operation.note,
        actor=operation.actor,
        source=operation.source,
        request_id=operation.request_id,
        created_at=operation.created_at,
        started_at=operation.started_at,
        finished_at=operation.finished_at,
        steps=tuple(step_view(step) for step in steps),
    )


def views(session: Session, operations: Sequence[Operation]) -> list[OperationView]:
    """``operations`` as values, in their order; two statements however many there are."""
    steps: dict[int, list[OperationStep]] = {operation.id: [] for operation in operations}
    if not steps:
        return []
    found = select(OperationStep).where(OperationStep.operation_id.in_(steps)).order_by(OperationStep.position)
    for step in session.scalars(found.execution_options(populate_existing=True)):
        steps[step.operation_id].append(step)
    ids = {operation.platform_id for operation in operations}
    slugs = {
        row.id: row.slug for row in session.execute(select(Platform.id, Platform.slug).where(Platform.id.in_(ids)))
    }
    return [operation_view(each, steps[each.id], slugs[each.platform_id]) for each in operations]


def as_json(view: OperationView | None) -> dict[str, object]:
    """The document of ``enable``, ``disable`` and ``operations ID``; nothing to do is ``null``."""
    return {"schema": 1, "operation": None if view is None else operation_json(view)}


def operation_json(view: OperationView) -> dict[str, object]:
    """One operation, as it stands in documents."""
    return {
        "id": str(view.id),
        "platform": view.platform,
        "kind": view.kind.value,
        "state": view.state.value,
        "revision": view.revision,
        "actor": view.actor,
        "source": view.source,
        "note": view.note,
        "undoes": None if view.undoes_id is None else str(view.undoes_id),
        "created_at": time_json(view.created_at),
        "started_at": time_json(view.started_at),
        "finished_at": time_json(view.finished_at),
        "steps": [step_json(step) for step in view.steps],
    }


def step_json(step: StepView) -> dict[str, object]:
    """One step, as it stands in documents; never the traceback."""
    progress = None
    if step.progress_done is not None or step.progress_text:
        progress = {"done": step.progress_done, "total": step.progress_total, "text": step.progress_text}
    error = None
    if step.error is not None:
        error = {"class": step.error.kind, "message": step.error.message, "field": step.error.field}
    log = {} if step.log is None else {"log": [line_json(line) for line in step.log]}
    return {
        "position": step.position,
        "module": step.module,
        "action": step.action.value,
        "reason": step.reason,
        "state": step.state.value,
        "attempts": step.attempts,
        "progress": progress,
        "next_try_at": time_json(step.next_try_at),
        "error": error,
        **log,
    }


def line_json(line: LogLine) -> dict[str, object]:
    """One line of a step's log, as it stands in documents."""
    return {"at": time_json(line.at), "attempt": line.attempt, "level": line.level.value, "text": line.text}


def time_json(at: datetime | None) -> str | None:
    """ISO 8601 in UTC with a ``Z``, as all documents write times."""
    return None if at is None else at.isoformat().replace("+00:00", "Z")
