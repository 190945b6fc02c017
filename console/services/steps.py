"""What the end of a step changes: its module's row, the operation, event, audit and revision, all at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from console.domain import sentences
from console.domain.actor import Actor
from console.domain.words import Action, ModuleEvent, ModuleState, OperationState, StepState
from console.phrases import say
from console.services import answers, audit, events
from console.services.locked import LockedPlatform, status_json, status_of
from console.services.operation_views import SUPERSEDED
from console.storage.tables import ModuleRow, Operation, OperationStep

UNFINISHED = (StepState.PENDING, StepState.RUNNING)
_REACHED = {Action.ENABLE: ModuleState.ENABLED, Action.DISABLE: ModuleState.DISABLED}
_ON_THE_WAY = {Action.ENABLE: ModuleState.ENABLING, Action.DISABLE: ModuleState.DISABLING}
_EVENTS = {Action.ENABLE: ModuleEvent.ENABLED, Action.DISABLE: ModuleEvent.DISABLED}


def actor_of(operation: Operation) -> Actor:
    """Who asked for the operation; what happens in it happens in that name."""
    return Actor(name=operation.actor, source=operation.source, request_id=operation.request_id)


def holds(operation: Operation, row: ModuleRow) -> bool:
    """Whether ``operation`` is the last one to have moved the row; a later request takes the row over."""
    return row.operation_id == operation.id


def succeed(held: LockedPlatform, operation: Operation, step: OperationStep, *, audited: bool = True) -> None:
    """End ``step`` well: state, event, audit and revision.

    A row that a later request took over stays as that request put it; its own step learns what was reached, so that
    its failure would go back to the truth.

    Args:
        audited: False when the accepting transaction writes the entry itself.
    """
    row = held.row(step.module)
    before = status_of(row)
    _end(step, StepState.SUCCEEDED, held)
    reached = _REACHED.get(step.action)
    if reached is not None and holds(operation, row):
        row.state = reached
        row.changed_at = held.now
    elif reached is not None:
        _tell_the_later_step(held, operation, step, reached=reached)
    if step.action in _EVENTS:
        _publish(held, operation, step)
    if audited:
        _audit(held, operation, step, before=status_json(before), after=status_json(status_of(row)))
    held.came_on = held.came_on or step.action is Action.ENABLE
    held.bump()


def _tell_the_later_step(
    held: LockedPlatform, operation: Operation, step: OperationStep, *, reached: ModuleState
) -> None:
    later = [each.id for each in held.open_operations() if each.id > operation.id]
    for other in held.steps(later):
        if other.module == step.module and other.state is StepState.PENDING:
            other.before_state = reached
            return


def _publish(held: LockedPlatform, operation: Operation, step: OperationStep) -> None:
    events.publish(
        held.uow,
        held.rt,
        _EVENTS[step.action],
        step.module,
        held.id,
        operation_id=operation.id,
        actor=actor_of(operation),
        data={"reason": step.reason},
        now=held.now,
        open_codes=held.open_codes(),
    )


def stop(held: LockedPlatform, operation: Operation, steps: Sequence[OperationStep], *, failed: OperationStep) -> None:
    """End the operation with ``failed``: the rest is skipped, and rows go back to their former state, still wanted."""
    _end(failed, StepState.FAILED, held)
    row = held.row(failed.module)
    before = status_of(row)
    if holds(operation, row) and failed.action is not Action.CONFIGURE:
        row.state = ModuleState.FAILED
        row.changed_at = held.now
    _audit(held, operation, failed, before=status_json(before), after=status_json(status_of(row)))
    rest = [step for step in steps if step.state in UNFINISHED]
    skip(held, operation, rest, kind="operation_failed", message=say(sentences.FAILED_BEFORE, module=failed.module))
    operation.state = OperationState.FAILED
    operation.finished_at = held.now
    held.bump()


def skip(
    held: LockedPlatform, operation: Operation, steps: Iterable[OperationStep], *, kind: str, message: str
) -> None:
    """End ``steps`` without running them; a row that the operation still holds goes back to its former state."""
    for step in steps:
        step.error_class = kind
        step.error_message = str(message)
        _end(step, StepState.SKIPPED, held)
        row = held.row(step.module)
        if holds(operation, row) and step.action is not Action.CONFIGURE:
            row.state = step.before_state
            row.changed_at = held.now
        held.bump()


def supersede(held: LockedPlatform, step: OperationStep, *, by: int | None) -> None:
    """End ``step`` because a later request reversed it; the row belongs to that request."""
    step.error_class = SUPERSEDED
    step.error_message = str(superseded_by(by))
    _end(step, StepState.SKIPPED, held)


def superseded_by(operation_id: int | None) -> str:
    """The message of a step that was reversed by that operation."""
    return say(sentences.REVERSED) if operation_id is None else say(sentences.REVERSED_BY, id=operation_id)


def reopen(held: LockedPlatform, step: OperationStep) -> None:
    """Give a failed or skipped step another turn with all its tries; its row is on the way again."""
    step.state = StepState.PENDING
    step.attempts = 0
    step.next_try_at = step.waiting_since = step.started_at = step.finished_at = None
    step.progress_done = step.progress_total = None
    step.progress_text = ""
    step.error_class = step.error_message = step.error_traceback = step.error_field = None
    row = held.row(step.module)
    row.state = _ON_THE_WAY.get(step.action, row.state)
    row.changed_at = held.now


def close(held: LockedPlatform, operation: Operation, steps: Sequence[OperationStep]) -> None:
    """End the operation when none of its steps is left; one of which nothing ran counts as cancelled.

    Requests for modules that came on before it are granted, whether steps are left or not.
    """
    if held.came_on:
        held.came_on = False
        answers.grant_open(held, held.open_codes(), actor=actor_of(operation))
    if any(step.state in UNFINISHED for step in steps):
        return
    ran = any(step.state is StepState.SUCCEEDED for step in steps)
    operation.state = OperationState.SUCCEEDED if ran else OperationState.CANCELLED
    operation.started_at = operation.started_at or held.now
    operation.finished_at = held.now


def on_the_way(action: Action) -> ModuleState | None:
    """The state of a row while a step with ``action`` waits or runs."""
    return _ON_THE_WAY.get(action)


def _end(step: OperationStep, state: StepState, held: LockedPlatform) -> None:
    step.state = state
    step.finished_at = held.now
    step.lease_until = step.next_try_at = None
    if state is StepState.SUCCEEDED:
        step.error_class = step.error_message = step.error_traceback = step.error_field = None


def _audit(
    held: LockedPlatform,
    operation: Operation,
    step: OperationStep,
    *,
    before: dict[str, object],
    after: dict[str, object],
) -> None:
    audit.record(
        held.uow,
        actor_of(operation),
        action=f"steps.{step.state.value}",
        target=step.module,
        now=held.now,
        platform_id=held.id,
        reason=step.error_message or step.reason,
        operation_id=operation.id,
        before=before,
        after=after,
    )
