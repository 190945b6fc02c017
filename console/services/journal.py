"""The journal as runners use it: claim a step, keep its lease, record how it ended, find what was left behind.

A claim raises the step's fence; whoever comes with an older one has lost the step and changes nothing. Success is
therefore recorded once, however often a hook had to run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from console.domain import sentences
from console.domain.journal import HookOutcome
from console.domain.step_log import LineLevel, Said
from console.domain.words import OPEN_STATES, Action, DeliveryState, OperationState, StepState
from console.phrases import say
from console.services import leases, step_lines, steps
from console.services.locked import LockedPlatform, lock
from console.services.runtime import Message, Runtime
from console.storage.tables import Delivery, Operation, OperationStep, TaskRun
from console.storage.uow import UnitOfWork

WORKER_LOST = "worker_lost"
REQUIREMENT_NOT_LIVE = "requirement_not_live"
MODULE_NOT_LIVE = "module_not_live"
NOT_READY = "not_ready"
NOTHING_SAID = Said()


@dataclass(frozen=True, slots=True)
class ClaimedStep:
    """A step whose hook the holder runs now.

    Args:
        attempt: Which counted try this is, from 1.
        fence: The number that proves the claim.
        timeout_s: The deadline of the hook.
        lease_s: How long the claim holds without being extended.
    """

    step_id: int
    operation_id: int
    platform_id: int
    module: str
    action: Action
    attempt: int
    fence: int
    timeout_s: float
    lease_s: float
    actor: str

    @property
    def key(self) -> str:
        """Idempotency key for the world outside; the same for every try."""
        return f"console-step-{self.step_id}"

    @property
    def hook(self) -> str:
        """Name of the hook in the definition."""
        return f"on_{self.action.value}"


@dataclass(frozen=True, slots=True)
class WaitUntil:
    """Nothing can be done for this platform before ``at``."""

    at: datetime


def claim_next(
    uow: UnitOfWork, rt: Runtime, platform_id: int, *, worker: str, now: datetime
) -> ClaimedStep | WaitUntil | None:
    """The next step whose hook is to be run, when it can be tried again, or None when the platform is at rest.

    Steps without a hook, and steps whose requirement is not open, are ended here on the way.
    """
    held = lock(uow, rt, platform_id, now)
    while operations := held.open_operations():
        operation = operations[0]
        journal = held.steps([operation.id])
        step = next((each for each in journal if each.state in steps.UNFINISHED), None)
        if step is None:
            steps.close(held, operation, journal)
            continue
        wait = _not_before(held, step)
        if wait is not None:
            return wait
        claimed = _take(held, operation, journal, step=step, worker=worker)
        if claimed is not None:
            return claimed
    return None


def _not_before(held: LockedPlatform, step: OperationStep) -> WaitUntil | None:
    due = step.lease_until if step.state is StepState.RUNNING else step.next_try_at
    return WaitUntil(due) if due is not None and due > held.now else None


def _take(
    held: LockedPlatform, operation: Operation, journal: Sequence[OperationStep], *, step: OperationStep, worker: str
) -> ClaimedStep | None:
    """Claim the step, or end it (None) when there is nothing to run."""
    operation.state = OperationState.RUNNING
    operation.started_at = operation.started_at or held.now
    lost = step.state is StepState.RUNNING
    if lost:
        step_lines.tell(held.uow, step, LineLevel.FAILED, text=f"{WORKER_LOST}: {leases.LOST}", now=held.now)
    if lost and step.attempts >= held.rt.settings.hook_attempts:
        _give_up(held, operation, journal, step=step, outcome=HookOutcome("error", leases.LOST, WORKER_LOST))
        return None
    refusal = _refusal(held, step)
    if refusal is not None:
        _give_up(held, operation, journal, step=step, outcome=refusal)
        return None
    if not step.hook or not _has_hook(held.rt, step):
        step.started_at = step.started_at or held.now
        steps.succeed(held, operation, step)
        steps.close(held, operation, journal)
        return None
    return _claim(held, operation, step, worker=worker)


def _refusal(held: LockedPlatform, step: OperationStep) -> HookOutcome | None:
    """Why the step must fail without its hook; None when it may go on."""
    registry, unavailable = held.rt.registry, held.rt.unavailable
    installed = step.module in registry
    if step.action is Action.ENABLE:
        missing = sorted(registry.requires(step.module) - held.open_codes()) if installed else []
        if missing:
            message = say(sentences.REQUIREMENT_IS_OFF, module=step.module, others=", ".join(missing))
            return HookOutcome("error", message, REQUIREMENT_NOT_LIVE)
        if step.module in unavailable:
            return HookOutcome("error", unavailable[step.module].message, MODULE_NOT_LIVE)
    if (step.hook or step.action is Action.ENABLE) and not (installed and registry[step.module].live):
        return HookOutcome("error", say(sentences.NOT_INSTALLED_HERE, module=step.module), MODULE_NOT_LIVE)
    return None


def _has_hook(rt: Runtime, step: OperationStep) -> bool:
    definition = rt.registry[step.module].definition
    return getattr(definition, f"on_{step.action.value}", None) is not None


def _claim(held: LockedPlatform, operation: Operation, step: OperationStep, *, worker: str) -> ClaimedStep:
    step.state = StepState.RUNNING
    step.fence += 1
    step.attempts += 1
    step.worker = worker[:100]
    step.lease_until = held.now + timedelta(seconds=held.rt.settings.lease_s)
    step.next_try_at = None
    step.started_at = step.started_at or held.now
    step_lines.tell(held.uow, step, LineLevel.STARTED, text=step.worker, now=held.now)
    return _claimed(held.rt, operation, step)


def _claimed(rt: Runtime, operation: Operation, step: OperationStep) -> ClaimedStep:
    definition = rt.registry[step.module].definition if step.module in rt.registry else None
    own_timeout_s = definition.hook_timeout_s if definition is not None else None
    return ClaimedStep(
        step_id=step.id,
        operation_id=operation.id,
        platform_id=operation.platform_id,
        module=step.module,
        action=step.action,
        attempt=step.attempts,
        fence=step.fence,
        timeout_s=own_timeout_s or rt.settings.hook_timeout_s,
        lease_s=rt.settings.lease_s,
        actor=operation.actor,
    )


def find_claim(session: Session, rt: Runtime, step_id: int, fence: int) -> ClaimedStep | None:
    """The claim with that fence, if it still holds: for whoever records what a dead worker was at."""
    step = session.get(OperationStep, step_id, populate_existing=True)
    if step is None or step.fence != fence or step.state is not StepState.RUNNING:
        return None
    operation = session.get(Operation, step.operation_id, populate_existing=True)
    return None if operation is None else _claimed(rt, operation, step)


def extend_lease(uow: UnitOfWork, claimed: ClaimedStep, now: datetime) -> bool:
    """Keep the claim alive; False when somebody else has the step."""
    until = now + timedelta(seconds=claimed.lease_s)
    return _change_mine(uow, claimed, lease_until=until)


def save_said(uow: UnitOfWork, claimed: ClaimedStep, said: Said) -> bool:
    """Store how far the hook says it is and the lines of its log; False when somebody else has the step."""
    mine = _change_mine(uow, claimed, **_progress(said))
    if mine:
        step_lines.write(uow, claimed.step_id, claimed.attempt, said.lines)
    return mine


def _progress(said: Said) -> dict[str, object]:
    """The columns that a report of progress changes; without one the fence, to what it is."""
    told = said.progress
    if told is None:
        return {"fence": OperationStep.fence}
    return {"progress_done": told.done, "progress_total": told.total, "progress_text": told.text[:200]}


def _change_mine(uow: UnitOfWork, claimed: ClaimedStep, **values: object) -> bool:
    mine = (
        update(OperationStep)
        .where(
            OperationStep.id == claimed.step_id,
            OperationStep.fence == claimed.fence,
            OperationStep.state == StepState.RUNNING,
        )
        .values(**values)
        .returning(OperationStep.id)
    )
    return uow.session.execute(mine).one_or_none() is not None


def succeed(uow: UnitOfWork, rt: Runtime, claimed: ClaimedStep, now: datetime, *, said: Said = NOTHING_SAID) -> bool:
    """Record the hook's success and all that follows from it; False, and nothing written, for a lost claim.

    Args:
        said: What the hook said last.
    """
    held, operation, journal, step = _mine(uow, rt, claimed, now=now)
    if step is None:
        return False
    save_said(uow, claimed, said)
    step_lines.tell(uow, step, LineLevel.DONE, text="", now=now)
    steps.succeed(held, operation, step)
    steps.close(held, operation, journal)
    return True


def fail(  # noqa: PLR0917  # the claim, how it ended, when
    uow: UnitOfWork,
    rt: Runtime,
    claimed: ClaimedStep,
    outcome: HookOutcome,
    traceback: str | None,
    now: datetime,
    *,
    said: Said = NOTHING_SAID,
) -> bool:
    """Record that the hook did not succeed: wait for the next try, or stop the operation.

    Args:
        said: What the hook said last.

    Returns:
        False, and nothing written, for a lost claim.
    """
    held, operation, journal, step = _mine(uow, rt, claimed, now=now)
    if step is None:
        return False
    save_said(uow, claimed, said)
    level = LineLevel.WAITING if outcome.kind == NOT_READY else LineLevel.FAILED
    step_lines.tell(uow, step, level, text=f"{outcome.error_class or outcome.kind}: {outcome.message}", now=now)
    _describe(step, outcome, traceback=traceback)
    delay_s = _wait_s(rt, step, outcome, now=now)
    taken_over = not steps.holds(operation, held.row(step.module))
    if delay_s is None or taken_over:
        _give_up(held, operation, journal, step=step, outcome=outcome)
        return True
    step.state = StepState.PENDING
    step.lease_until = None
    step.next_try_at = now + timedelta(seconds=delay_s)
    held.wake(delay_s=delay_s)
    return True


def _mine(
    uow: UnitOfWork, rt: Runtime, claimed: ClaimedStep, *, now: datetime
) -> tuple[LockedPlatform, Operation, list[OperationStep], OperationStep | None]:
    held = lock(uow, rt, claimed.platform_id, now)
    journal = held.steps([claimed.operation_id])
    found = select(Operation).where(Operation.id == claimed.operation_id).execution_options(populate_existing=True)
    operation = uow.session.scalars(found).one()
    step = next((each for each in journal if each.id == claimed.step_id), None)
    if step is not None and (step.fence != claimed.fence or step.state is not StepState.RUNNING):
        step = None
    return held, operation, journal, step


def _wait_s(rt: Runtime, step: OperationStep, outcome: HookOutcome, *, now: datetime) -> float | None:
    """Seconds until the next try, None when there is none."""
    if outcome.kind == NOT_READY:
        step.attempts -= 1
        step.waiting_since = step.waiting_since or now
        waited_s = (now - step.waiting_since).total_seconds()
        return None if waited_s >= rt.settings.not_ready_limit_s else max(0.0, outcome.retry_after or 0.0)
    if not outcome.retryable or step.attempts >= rt.settings.hook_attempts:
        return None
    return leases.delay_s(rt, step.attempts)


def _describe(step: OperationStep, outcome: HookOutcome, *, traceback: str | None) -> None:
    step.error_class = outcome.error_class or outcome.kind
    step.error_message = str(outcome.message)
    step.error_field = outcome.field
    step.error_traceback = traceback


def _give_up(
    held: LockedPlatform,
    operation: Operation,
    journal: Sequence[OperationStep],
    *,
    step: OperationStep,
    outcome: HookOutcome,
) -> None:
    """Stop the operation; a step that a later request has reversed is skipped instead, and the rest goes on."""
    row = held.row(step.module)
    if not steps.holds(operation, row):
        steps.supersede(held, step, by=row.operation_id)
        steps.close(held, operation, journal)
        return
    _describe(step, outcome, traceback=step.error_traceback)
    steps.stop(held, operation, journal, failed=step)


def sweep(uow: UnitOfWork, rt: Runtime, now: datetime) -> list[Message]:
    """Wake-ups for all that is due: platforms with open operations, deliveries and tasks, lost ones included.

    Changes nothing: what a dead worker left behind is taken again by whoever claims next.
    """
    session = uow.session
    waiting = or_(OperationStep.next_try_at.is_(None), OperationStep.next_try_at <= now)
    due = or_(
        (OperationStep.state == StepState.PENDING) & waiting,
        (OperationStep.state == StepState.RUNNING) & (OperationStep.lease_until <= now),
    )
    platforms = (
        select(Operation.platform_id)
        .join(OperationStep, OperationStep.operation_id == Operation.id)
        .where(Operation.state.in_(OPEN_STATES), due)
        .distinct()
        .order_by(Operation.platform_id)
    )
    found = [Message("platform", each) for each in session.scalars(platforms)]
    found += [Message("delivery", each) for each in session.scalars(_due(Delivery, now))]
    found += [Message("task", each) for each in session.scalars(_due(TaskRun, now))]
    return found


def _due(kind: type[Delivery] | type[TaskRun], now: datetime) -> Select[int]:
    fresh = (kind.state == DeliveryState.PENDING) & or_(kind.next_try_at.is_(None), kind.next_try_at <= now)
    lost = (kind.state == DeliveryState.RUNNING) & (kind.lease_until <= now)
    return select(kind.id).where(or_(fresh, lost)).order_by(kind.id).limit(1000)
