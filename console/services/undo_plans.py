"""The plan that takes an operation back: for exactly its modules, to what was recorded before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.plan_types import ChangeRequest, Notice, Plan, PlanStep, PlatformModules
from console.domain.planner import digest_of, make_plan
from console.domain.words import Action, OperationState, Origin, StepState
from console.errors import Conflict
from console.phrases import say
from console.services.operations import must_not_be_blocked
from console.services.runtime import Runtime
from console.storage.tables import Operation, OperationStep

_DONE = (StepState.SUCCEEDED, StepState.FAILED)
_LEFT_ALONE = (OperationState.CANCELLED,)


@dataclass(frozen=True, slots=True)
class Undo:
    """A plan with the origins that it restores."""

    plan: Plan
    origins: Mapping[str, Origin | None]


def undo_of(
    rt: Runtime, modules: PlatformModules, steps: Sequence[OperationStep], *, touched: Sequence[str] = ()
) -> Undo:
    """The way back from ``steps``, all of one operation.

    Args:
        touched: Codes that a later operation changed.

    Raises:
        Conflict: ``undo_conflict``: a later operation changed one of the modules, or others would be affected now.
        RuleRefused: A rule forbids the way back.
    """
    mine = {step.module: step for step in steps}
    want = {code: step.before_wanted for code, step in mine.items() if code in rt.registry}
    request = ChangeRequest(want=want, origin=Origin.IMPLIED)
    plan = make_plan(rt.registry, modules, request, unavailable=rt.unavailable)
    kept = [step for step in plan.steps if step.action is not Action.CONFIGURE]
    kept += _configured(modules, mine, moved={step.module for step in kept})
    shown = [_with_origin(step, mine) for step in kept]
    # Its own modules get their former origins back, so none of them is left without a reason.
    warnings = [each for each in plan.warnings if each.code != "unneeded" or each.module not in mine]
    plan = replace(plan, steps=tuple(shown), warnings=(*warnings, *_stays(rt, steps)))
    plan = replace(plan, digest=digest_of(plan))
    strangers = sorted({step.module for step in kept} - set(mine))
    if touched or strangers:
        raise _conflict(plan, touched=sorted(touched), strangers=strangers)
    must_not_be_blocked(plan)
    return Undo(plan, {code: step.before_origin for code, step in mine.items()})


def _configured(modules: PlatformModules, mine: Mapping[str, OperationStep], *, moved: set[str]) -> Iterator[PlanStep]:
    """Steps for modules that stay on and get their former origin back."""
    for code, step in mine.items():
        row = modules.of(code)
        before = step.before_origin
        if code not in moved and row.wanted and step.before_wanted and before is not None and row.origin is not before:
            yield PlanStep(code, Action.CONFIGURE, "requested", before, hook=False)


def _with_origin(step: PlanStep, mine: Mapping[str, OperationStep]) -> PlanStep:
    before = mine[step.module].before_origin if step.module in mine else None
    return step if before is None else replace(step, origin=before)


def _stays(rt: Runtime, steps: Sequence[OperationStep]) -> Iterator[Notice]:
    """What a hook did that no hook takes back."""
    back = {Action.ENABLE: "on_disable", Action.DISABLE: "on_enable"}
    for step in steps:
        definition = rt.registry[step.module].definition if step.module in rt.registry else None
        if step.hook and step.state in _DONE and getattr(definition, back[step.action], None) is None:
            yield Notice(
                "not_undone",
                step.module,
                say(
                    "What %(hook)s of %(module)s did stays: the module has no %(missing)s.",
                    hook=f"on_{step.action.value}",
                    module=step.module,
                    missing=back[step.action],
                ),
                say("Data and configuration stay as they are."),
            )


def _conflict(plan: Plan, *, touched: Sequence[str], strangers: Sequence[str]) -> Conflict:
    if touched:
        text = say("A later operation has changed %(modules)s.", modules=", ".join(touched))
    else:
        text = say("Undoing this would also change %(modules)s.", modules=", ".join(strangers))
    return Conflict(
        text,
        code="undo_conflict",
        hint=say("Look at this plan and ask for what you want of it."),
        plan=plan,
        modules=list(touched),
    )


def steps_to_undo(session: Session, operation_id: int) -> list[OperationStep]:
    """The steps of an operation that had an effect on what is wanted, in order."""
    found = select(OperationStep).where(OperationStep.operation_id == operation_id).order_by(OperationStep.position)
    steps = session.scalars(found.execution_options(populate_existing=True)).all()
    return [step for step in steps if not (step.state is StepState.SKIPPED and step.error_class == "superseded")]


def touched_later(session: Session, operation: Operation, steps: Sequence[OperationStep]) -> list[str]:
    """Codes of those steps that a later operation of the platform has changed too."""
    found = (
        select(OperationStep.module)
        .join(Operation, Operation.id == OperationStep.operation_id)
        .where(
            Operation.platform_id == operation.platform_id,
            Operation.id > operation.id,
            Operation.state.not_in(_LEFT_ALONE),
            OperationStep.module.in_([step.module for step in steps]),
        )
        .distinct()
    )
    return list(session.scalars(found))
