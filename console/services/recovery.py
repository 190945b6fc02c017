"""What people can do with an operation that did not go as planned: retry, keep, undo, cancel, force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain import sentences
from console.domain.actor import Actor
from console.domain.plan_types import Plan
from console.domain.words import (
    OPEN_STATES,
    Action,
    ModuleState,
    OperationKind,
    OperationState,
    StepState,
)
from console.errors import Conflict, RuleRefused, Unknown, UsageError
from console.phrases import mark, say
from console.services import acceptance, audit, steps
from console.services.acceptance import Order
from console.services.locked import LockedPlatform, lock_operation, status_json, status_of
from console.services.operation_views import SUPERSEDED, WITHOUT_HOOK, OperationView, operation_view
from console.services.operations import must_be_alive, stale
from console.services.plans import modules_of
from console.services.runtime import Runtime
from console.services.undo_plans import Undo, steps_to_undo, touched_later, undo_of
from console.storage.tables import Operation, OperationStep
from console.storage.uow import UnitOfWork

_UNDOABLE = (OperationState.SUCCEEDED, OperationState.FAILED, OperationState.KEPT)
_CANNOT_BE_UNDONE = {
    OperationState.QUEUED: mark("An operation that waits for its turn cannot be undone."),
    OperationState.RUNNING: mark("An operation that runs cannot be undone."),
    OperationState.UNDONE: mark("An operation that was undone cannot be undone again."),
    OperationState.CANCELLED: mark("An operation that was cancelled cannot be undone."),
}
_OVER = {
    OperationState.SUCCEEDED: mark("The operation has succeeded already."),
    OperationState.FAILED: mark("The operation has failed already."),
    OperationState.KEPT: mark("The operation was kept already."),
    OperationState.UNDONE: mark("The operation was undone already."),
    OperationState.CANCELLED: mark("The operation was cancelled already."),
}


def retry(
    uow: UnitOfWork, rt: Runtime, operation_id: int, *, actor: Actor, now: datetime, note: str = ""
) -> OperationView:
    """The same operation again from its failed step, with all tries.

    Raises:
        RuleRefused: ``operation_not_failed``.
        Conflict: ``operation_overtaken``: a later operation has changed the failed step's module.
    """
    held, operation = lock_operation(uow, rt, operation_id, now)
    must_be_alive(held)
    journal = held.steps([operation.id])
    failed = _failed(operation, journal)
    _must_hold(held, operation, failed)
    _go_on(held, operation, journal)
    _record(held, operation, "operations.retry", actor=actor, note=note)
    return operation_view(operation, journal, held.platform.slug)


def force(
    uow: UnitOfWork, rt: Runtime, operation_id: int, step: str, *, note: str, actor: Actor, now: datetime
) -> OperationView:
    """End a disabling step without its hook, and let the operation go on.

    Args:
        step: Code of the module, or the step's position.
        note: Why; it is needed, because what the hook would have done is left undone.

    Raises:
        UsageError: No note.
        Unknown: There is no such step.
        RuleRefused: ``force_only_off``; ``step_running``; ``step_not_failed``.
        Conflict: ``operation_overtaken``.
    """
    if not note.strip():
        raise UsageError(say("Say why the step ends without its hook."), hint=say("Give a note."))
    held, operation = lock_operation(uow, rt, operation_id, now)
    must_be_alive(held)
    journal = held.steps([operation.id])
    forced = _step(journal, step)
    _must_be_forceable(operation, forced)
    _must_hold(held, operation, forced)
    steps.succeed(held, operation, forced, audited=False)
    forced.error_class, forced.error_message = WITHOUT_HOOK, note[:500]
    _go_on(held, operation, journal)
    steps.close(held, operation, journal)
    _record(held, operation, "operations.force", actor=actor, note=note, target=forced.module)
    return operation_view(operation, journal, held.platform.slug)


def _must_be_forceable(operation: Operation, step: OperationStep) -> None:
    if step.action is not Action.DISABLE:
        hint = say("Retry the step instead.")
        raise RuleRefused(say("Only switching off can be forced."), code="force_only_off", hint=hint)
    if step.state is StepState.RUNNING:
        hint = say("Wait for its deadline.")
        raise RuleRefused(say("The hook runs right now."), code="step_running", hint=hint)
    between_tries = step.next_try_at is not None and operation.state in OPEN_STATES
    waits = step.state is StepState.PENDING and between_tries
    if step.state is not StepState.FAILED and not waits:
        text = say("Only a step that failed, or waits for its next try, can be forced.")
        raise RuleRefused(text, code="step_not_failed")


def _go_on(held: LockedPlatform, operation: Operation, journal: Sequence[OperationStep]) -> None:
    """Give every step that failed, or was skipped because of that, its turn again."""
    for step in journal:
        again = step.state is StepState.FAILED or (step.state is StepState.SKIPPED and step.error_class != SUPERSEDED)
        if again and (step.action is Action.CONFIGURE or steps.holds(operation, held.row(step.module))):
            steps.reopen(held, step)
    if operation.state is OperationState.FAILED:
        operation.state = OperationState.QUEUED
        operation.finished_at = None
    held.bump()
    held.wake()


def keep(
    uow: UnitOfWork, rt: Runtime, operation_id: int, *, actor: Actor, now: datetime, note: str = ""
) -> OperationView:
    """Leave a failed operation as it is: what failed or was skipped becomes wanted off and ``disabled``.

    Modules that wait for one of them go off with it; a core module stays wanted, because it cannot be off.

    Raises:
        RuleRefused: ``operation_not_failed``.
    """
    held, operation = lock_operation(uow, rt, operation_id, now)
    must_be_alive(held)
    journal = held.steps([operation.id])
    _failed(operation, journal)
    left = [step for step in journal if step.state in (StepState.FAILED, StepState.SKIPPED)]
    given_up = {step.module for step in left if steps.holds(operation, held.row(step.module))}
    _switch_off(held, operation, given_up, actor=actor, note=note)
    operation.state = OperationState.KEPT
    operation.finished_at = now
    held.bump()
    _record(held, operation, "operations.keep", actor=actor, note=note)
    return operation_view(operation, journal, held.platform.slug)


def _switch_off(held: LockedPlatform, operation: Operation, codes: set[str], *, actor: Actor, note: str) -> None:
    registry = held.rt.registry
    waiting = {each for code in codes if code in registry for each in registry.dependents_closure(code)}
    others = {code for code in waiting - codes if code in held.rows and held.rows[code].wanted}
    for code in sorted(codes | others):
        if code in registry and registry[code].is_core:
            continue
        row = held.row(code)
        before = status_of(row)
        _drop_pending(held, code)
        row.wanted = False
        row.state = ModuleState.DISABLED
        row.changed_at = held.now
        row.operation_id = operation.id
        if status_of(row) != before:
            audit.record(
                held.uow,
                actor,
                action="modules.disable",
                target=code,
                now=held.now,
                platform_id=held.id,
                reason=note or f"operation {operation.id} was kept as it is",
                operation_id=operation.id,
                before=status_json(before),
                after=status_json(status_of(row)),
            )


def _drop_pending(held: LockedPlatform, code: str) -> None:
    """Skip what open operations still mean to do with the module."""
    for each in held.open_operations():
        journal = held.steps([each.id])
        for step in journal:
            if step.module == code and step.state is StepState.PENDING:
                steps.supersede(held, step, by=None)
        steps.close(held, each, journal)


def undo_plan(session: Session, rt: Runtime, operation_id: int) -> Plan:
    """What undoing the operation would do; writes nothing.

    Raises:
        Unknown: There is no such operation.
        RuleRefused: It cannot be undone, or a rule forbids the way back.
        Conflict: ``undo_conflict``, with the plan.
    """
    operation = session.get(Operation, operation_id, populate_existing=True)
    if operation is None:
        raise Unknown("operation", str(operation_id))
    return _undo(session, rt, operation).plan


def _undo(session: Session, rt: Runtime, operation: Operation) -> Undo:
    if operation.state not in _UNDOABLE:
        raise RuleRefused(
            say(_CANNOT_BE_UNDONE[operation.state]),
            code="operation_open" if operation.state in OPEN_STATES else "operation_over",
            hint=say("Cancel it, or wait for its end.") if operation.state in OPEN_STATES else None,
        )
    journal = steps_to_undo(session, operation.id)
    modules = modules_of(session, operation.platform_id)
    return undo_of(rt, modules, journal, touched=touched_later(session, operation, journal))


def undo(
    uow: UnitOfWork,
    rt: Runtime,
    operation_id: int,
    *,
    actor: Actor,
    now: datetime,
    digest: str | None = None,
    note: str = "",
) -> OperationView | None:
    """A new operation back to the wanted and origin recorded before; None when everything is as before already.

    Args:
        digest: The digest of the undo plan that the person saw; None skips the comparison.

    Raises:
        RuleRefused: It is open, undone or cancelled, or a rule forbids the way back.
        Conflict: ``undo_conflict`` or ``plan_stale``; the plan of now is in ``details``.
    """
    held, operation = lock_operation(uow, rt, operation_id, now)
    must_be_alive(held)
    found = _undo(uow.session, rt, operation)
    if digest is not None and digest != found.plan.digest:
        raise stale(found.plan)
    operation.state = OperationState.UNDONE
    _record(held, operation, "operations.undo", actor=actor, note=note)
    held.bump()
    if not found.plan.steps:
        return None
    order = Order(OperationKind.UNDO, actor, note, undoes_id=operation.id, origins=found.origins)
    return acceptance.record(held, found.plan, order)


def cancel(
    uow: UnitOfWork, rt: Runtime, operation_id: int, *, actor: Actor, now: datetime, note: str = ""
) -> OperationView:
    """End an operation that is queued or waits between tries; what it has not done yet goes back to what it was.

    Raises:
        RuleRefused: ``operation_over``; ``step_running`` while a hook runs; ``core_protected`` for a core module.
        Conflict: ``cancel_conflict``: a later operation relies on it, or it has replaced an earlier one.
    """
    held, operation = lock_operation(uow, rt, operation_id, now)
    journal = held.steps([operation.id])
    if operation.state not in OPEN_STATES:
        raise RuleRefused(say(_OVER[operation.state]), code="operation_over")
    if any(step.state is StepState.RUNNING for step in journal):
        hint = say("Wait for its end.")
        raise RuleRefused(say("A hook of it runs right now."), code="step_running", hint=hint)
    _must_not_have_replaced(held, operation)
    left = [step for step in journal if step.state is StepState.PENDING]
    _must_not_be_core(rt, left)
    broken_before = _broken(held)
    steps.skip(held, operation, left, kind="cancelled", message=say(sentences.CANCELLED_BY, name=actor.name))
    for step in left:
        row = held.row(step.module)
        if step.action is Action.CONFIGURE or steps.holds(operation, row):
            row.wanted = step.before_wanted
            row.origin = step.before_origin
    _must_break_nothing(held, before=broken_before)
    operation.state = OperationState.CANCELLED
    operation.finished_at = now
    held.bump()
    held.wake()
    _record(held, operation, "operations.cancel", actor=actor, note=note)
    return operation_view(operation, journal, held.platform.slug)


def _must_not_be_core(rt: Runtime, left: Sequence[OperationStep]) -> None:
    for step in left:
        if step.module in rt.registry and rt.registry[step.module].is_core:
            text = say("%(module)s is a core module; it cannot be left off.", module=step.module)
            raise RuleRefused(text, code="core_protected", hint=say("Wait for it."))


def _must_not_have_replaced(held: LockedPlatform, operation: Operation) -> None:
    """A cancelled request would leave the steps that it took back undone and unasked."""
    replaced = select(OperationStep.module).where(
        OperationStep.error_class == SUPERSEDED,
        OperationStep.error_message == str(steps.superseded_by(operation.id)),
    )
    modules = sorted(set(held.session.scalars(replaced)))
    if modules:
        raise Conflict(
            say("It has taken back an earlier request for %(modules)s.", modules=", ".join(modules)),
            code="cancel_conflict",
            hint=say("Switch them the other way instead."),
            modules=modules,
        )


def _broken(held: LockedPlatform) -> set[tuple[str, str]]:
    """Pairs of a wanted module and what it stands against: a requirement that is not wanted, a conflict that is."""
    registry = held.rt.registry
    wanted = {code for code, row in held.rows.items() if row.wanted and code in registry}
    found = {(code, other) for code in wanted for other in registry.edges(code) - wanted}
    for code in wanted:
        definition = registry[code].definition
        conflicts = wanted.intersection(definition.conflicts) if definition is not None else ()
        found |= {(code, other) for other in conflicts}
    return found


def _must_break_nothing(held: LockedPlatform, *, before: set[tuple[str, str]]) -> None:
    broken = sorted(_broken(held) - before)
    if broken:
        code, other = broken[0]
        raise Conflict(
            say(
                "A later operation relies on it: %(module)s and %(other)s would no longer go together.",
                module=code,
                other=other,
            ),
            code="cancel_conflict",
            hint=say("Cancel or switch off %(module)s first.", module=code),
            modules=sorted({each for pair in broken for each in pair}),
        )


def _failed(operation: Operation, journal: Sequence[OperationStep]) -> OperationStep:
    failed = next((step for step in journal if step.state is StepState.FAILED), None)
    if operation.state is not OperationState.FAILED or failed is None:
        text = say("Only a failed operation can be taken up again; this one is not.")
        raise RuleRefused(text, code="operation_not_failed")
    return failed


def _step(journal: Sequence[OperationStep], name: str) -> OperationStep:
    for step in journal:
        if name in (step.module, str(step.position)):
            return step
    raise Unknown("step", name, [step.module for step in journal])


def _must_hold(held: LockedPlatform, operation: Operation, step: OperationStep) -> None:
    if not steps.holds(operation, held.row(step.module)):
        raise Conflict(
            say("A later operation has changed %(modules)s.", modules=step.module),
            code="operation_overtaken",
            hint=say("Look at the module as it is now."),
            modules=[step.module],
        )


def _record(
    held: LockedPlatform, operation: Operation, action: str, *, actor: Actor, note: str, target: str | None = None
) -> None:
    audit.record(
        held.uow,
        actor,
        action=action,
        target=target or str(operation.id),
        now=held.now,
        platform_id=held.id,
        reason=note,
        operation_id=operation.id,
        after={"state": operation.state.value},
    )
