"""Turns a plan into an operation: journal, rows, audit, wake-up and revision in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from console.domain.actor import Actor
from console.domain.plan_types import ChangeRequest, ModuleStatus, Plan
from console.domain.words import Action, ModuleState, OperationKind, OperationState, Origin, StepState
from console.services import audit, steps
from console.services.locked import LockedPlatform, status_json, status_of
from console.services.operation_views import OperationView, operation_view
from console.storage.tables import Operation, OperationStep

_SETTLED = (ModuleState.DISABLED, ModuleState.ENABLED, ModuleState.FAILED)
_REVERSE = {Action.ENABLE: Action.DISABLE, Action.DISABLE: Action.ENABLE}


@dataclass(frozen=True, slots=True)
class Order:
    """Who has a plan carried out, as what, and with which words.

    Args:
        origins: Code → the origin that its row gets, where the plan's own does not count (an undo restores it).
    """

    kind: OperationKind
    actor: Actor
    note: str = ""
    undoes_id: int | None = None
    origins: Mapping[str, Origin | None] = field(default_factory=dict)


def record(held: LockedPlatform, plan: Plan, order: Order) -> OperationView:
    """Write the operation of ``plan`` and do at once what needs no runner.

    The leading steps without a hook are completed here unless an earlier operation of the platform is open.
    """
    earlier = held.open_operations()
    former = _former_states(held, plan)
    held.bump()
    operation = _operation(held, plan, order)
    held.session.add(operation)
    held.session.flush()
    modules = held.modules()
    before = {step.module: modules.of(step.module) for step in plan.steps}
    journal = _steps(operation, plan, before, former=former)
    for step in journal:
        step.origin = order.origins.get(step.module, step.origin)
    held.session.add_all(journal)
    _reverse(held, operation, journal, earlier=earlier)
    _move_rows(held, operation, journal)
    if not earlier:
        _lead(held, operation, journal)
    _audit(held, operation, journal, before=before, order=order)
    if operation.state in (OperationState.QUEUED, OperationState.RUNNING):
        held.wake()
    held.session.flush()
    return operation_view(operation, journal, held.platform.slug)


def _operation(held: LockedPlatform, plan: Plan, order: Order) -> Operation:
    return Operation(
        platform_id=held.id,
        kind=order.kind,
        state=OperationState.QUEUED,
        revision=held.platform.revision,
        digest=plan.digest,
        request=request_json(plan.request),
        undoes_id=order.undoes_id,
        note=order.note[:500],
        actor=order.actor.name,
        source=order.actor.source,
        request_id=order.actor.request_id,
        created_at=held.now,
    )


def request_json(request: ChangeRequest) -> dict[str, object]:
    """A request as the journal keeps it."""
    return {
        "want": dict(sorted(request.want.items())),
        "cascade": request.cascade,
        "prune": request.prune,
        "origin": request.origin.value,
    }


def _steps(
    operation: Operation, plan: Plan, before: Mapping[str, ModuleStatus], *, former: Mapping[str, ModuleState]
) -> list[OperationStep]:
    return [
        OperationStep(
            operation_id=operation.id,
            position=position,
            module=step.module,
            action=step.action,
            reason=step.reason,
            origin=step.origin,
            hook=step.hook,
            state=StepState.PENDING,
            attempts=0,
            fence=0,
            progress_text="",
            before_wanted=before[step.module].wanted,
            before_origin=before[step.module].origin,
            before_state=former[step.module],
        )
        for position, step in enumerate(plan.steps, 1)
    ]


def _former_states(held: LockedPlatform, plan: Plan) -> dict[str, ModuleState]:
    """What each module really is: a row on its way counts as what it was before that way began."""
    modules = held.modules()
    former = {step.module: modules.of(step.module).state for step in plan.steps}
    moving = {code: held.rows[code].operation_id for code, state in former.items() if state not in _SETTLED}
    if moving:
        found = select(OperationStep.operation_id, OperationStep.module, OperationStep.before_state).where(
            OperationStep.operation_id.in_(set(moving.values())), OperationStep.module.in_(moving)
        )
        for row in held.session.execute(found):
            if moving[row.module] == row.operation_id:
                former[row.module] = row.before_state
    return former


def _reverse(
    held: LockedPlatform, operation: Operation, journal: Sequence[OperationStep], *, earlier: Sequence[Operation]
) -> None:
    """Skip the pending steps of earlier operations that this one takes back."""
    opposite = {step.module: _REVERSE.get(step.action) for step in journal}
    by_id = {each.id: each for each in earlier}
    of_earlier = held.steps(list(by_id))
    for step in of_earlier:
        if step.state is StepState.PENDING and opposite.get(step.module) is step.action:
            steps.supersede(held, step, by=operation.id)
    for each in earlier:
        steps.close(held, each, [step for step in of_earlier if step.operation_id == each.id])


def _move_rows(held: LockedPlatform, operation: Operation, journal: Sequence[OperationStep]) -> None:
    for step in journal:
        row = held.row(step.module)
        row.origin = step.origin
        row.changed_at = held.now
        if step.action is Action.CONFIGURE:
            continue
        row.wanted = step.action is Action.ENABLE
        row.state = steps.on_the_way(step.action) or row.state
        row.operation_id = operation.id


def _lead(held: LockedPlatform, operation: Operation, journal: Sequence[OperationStep]) -> None:
    for step in journal:
        if step.hook or not may_open(held, step):
            break
        step.started_at = held.now
        steps.succeed(held, operation, step, audited=False)
        operation.state = OperationState.RUNNING
        operation.started_at = held.now
    steps.close(held, operation, journal)


def may_open(held: LockedPlatform, step: OperationStep) -> bool:
    """Whether every requirement of a module about to be enabled is open; anything else may always go on."""
    if step.action is not Action.ENABLE or step.module not in held.rt.registry:
        return step.action is not Action.ENABLE
    return held.rt.registry.requires(step.module) <= held.open_codes()


def _audit(
    held: LockedPlatform,
    operation: Operation,
    journal: Sequence[OperationStep],
    *,
    before: Mapping[str, ModuleStatus],
    order: Order,
) -> None:
    for step in journal:
        audit.record(
            held.uow,
            order.actor,
            action=f"modules.{step.action.value}",
            target=step.module,
            now=held.now,
            platform_id=held.id,
            reason=order.note or step.reason,
            operation_id=operation.id,
            before=status_json(before[step.module]),
            after=status_json(status_of(held.row(step.module))),
        )
