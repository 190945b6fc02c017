"""Accepting a request as an operation, and reading operations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.actor import Actor
from console.domain.plan_types import ChangeRequest, Plan
from console.domain.planner import make_plan
from console.domain.words import OPEN_STATES, OperationKind, OperationState
from console.errors import Conflict, RuleRefused, Unknown
from console.phrases import say
from console.services import acceptance, step_lines
from console.services.acceptance import Order
from console.services.locked import LockedPlatform, lock
from console.services.operation_views import OperationView, views
from console.services.runtime import Runtime
from console.storage.tables import ModuleRow, Operation, OperationStep
from console.storage.uow import UnitOfWork


def accept(
    uow: UnitOfWork,
    rt: Runtime,
    platform_id: int,
    request: ChangeRequest,
    *,
    actor: Actor,
    now: datetime,
    digest: str | None = None,
    kind: OperationKind = OperationKind.TOGGLE,
    note: str = "",
) -> OperationView | None:
    """Plan again under the platform's lock and journal the plan as an operation; None when nothing is to do.

    Args:
        digest: The digest of the plan that the person saw; None skips the comparison.
        note: The person's words, for journal and audit.

    Raises:
        Conflict: ``plan_stale``; the plan of now is ``details["plan"]``.
        RuleRefused: A rule forbids it; the code is the first block's, ``details["plan"]`` has all blocks.
        Unknown: The request names a module that is not installed.
    """
    held = lock(uow, rt, platform_id, now)
    must_be_alive(held)
    plan = make_plan(rt.registry, held.modules(), request, unavailable=rt.unavailable)
    must_not_be_blocked(plan)
    if digest is not None and digest != plan.digest:
        raise stale(plan)
    if not plan.steps:
        return None
    return acceptance.record(held, plan, Order(kind, actor, note))


def must_be_alive(held: LockedPlatform) -> None:
    """Refuse changes to an archived platform.

    Raises:
        RuleRefused: ``platform_archived``.
    """
    if held.platform.archived_at is not None:
        raise RuleRefused(
            say("The platform %(platform)s is archived.", platform=repr(held.platform.slug)), code="platform_archived"
        )


def must_not_be_blocked(plan: Plan) -> None:
    """Refuse a plan that a rule forbids.

    Raises:
        RuleRefused: With the first block's code, message and hint; the plan has the others.
    """
    if plan.blocks:
        first = plan.blocks[0]
        blocks = [{"code": each.code, "module": each.module, "message": each.message} for each in plan.blocks]
        raise RuleRefused(first.message, code=first.code, hint=first.hint or None, blocks=blocks, plan=plan)


def stale(plan: Plan) -> Conflict:
    """The error of a plan that is no longer what was shown."""
    return Conflict(
        say("The platform has changed since this plan was shown."),
        code="plan_stale",
        hint=say("Look at the new plan and confirm again."),
        plan=plan,
    )


def get(session: Session, operation_id: int, *, log: bool = False) -> OperationView:
    """One operation with its steps, as it is now.

    Args:
        log: Whether to read what the hooks of its steps said.

    Raises:
        Unknown: There is no such operation.
    """
    found = select(Operation).where(Operation.id == operation_id).execution_options(populate_existing=True)
    operation = session.scalars(found).one_or_none()
    if operation is None:
        raise Unknown("operation", str(operation_id))
    view = views(session, [operation])[0]
    return with_log(session, view) if log else view


def with_log(session: Session, view: OperationView) -> OperationView:
    """The operation with the log of each step; one statement more."""
    said = step_lines.of_steps(session, [step.id for step in view.steps])
    return replace(view, steps=tuple(replace(step, log=said[step.id]) for step in view.steps))


def of_platform(
    session: Session,
    platform_id: int,
    *,
    limit: int = 50,
    before: int | None = None,
    states: tuple[OperationState, ...] = (),
) -> list[OperationView]:
    """Operations of a platform, newest first.

    Args:
        before: Only operations older than this id, for the next page.
        states: Only operations in these states; all when empty.
    """
    found = select(Operation).where(Operation.platform_id == platform_id).order_by(Operation.id.desc()).limit(limit)
    if before is not None:
        found = found.where(Operation.id < before)
    if states:
        found = found.where(Operation.state.in_(states))
    return views(session, session.scalars(found.execution_options(populate_existing=True)).all())


def open_of(session: Session, platform_id: int) -> list[OperationView]:
    """Operations of a platform that are queued or running, oldest first."""
    found = (
        select(Operation)
        .where(Operation.platform_id == platform_id, Operation.state.in_(OPEN_STATES))
        .order_by(Operation.id)
        .execution_options(populate_existing=True)
    )
    return views(session, session.scalars(found).all())


def in_hand(session: Session, platform_id: int) -> Mapping[str, OperationView]:
    """Module code → the open or failed operation whose step for it has not succeeded; what a list's rows show."""
    found = (
        select(ModuleRow.module, ModuleRow.operation_id)
        .join(Operation, Operation.id == ModuleRow.operation_id)
        .where(ModuleRow.platform_id == platform_id, Operation.state.in_((*OPEN_STATES, OperationState.FAILED)))
    )
    holders = {row.module: row.operation_id for row in session.execute(found)}
    if not holders:
        return {}
    ids = select(Operation).where(Operation.id.in_(set(holders.values()))).execution_options(populate_existing=True)
    by_id = {view.id: view for view in views(session, session.scalars(ids).all())}
    left = {(view.id, step.module) for view in by_id.values() for step in view.steps if not step.is_done}
    return {code: by_id[holder] for code, holder in holders.items() if (holder, code) in left}


def of_module(
    session: Session, platform_id: int, code: str, *, limit: int = 50, before: int | None = None
) -> list[OperationView]:
    """Operations of a platform with a step for the module, newest first; ``before`` an id, for the next page."""
    mine = select(OperationStep.operation_id).where(OperationStep.module == code)
    found = select(Operation).where(Operation.platform_id == platform_id, Operation.id.in_(mine))
    if before is not None:
        found = found.where(Operation.id < before)
    found = found.order_by(Operation.id.desc()).limit(limit).execution_options(populate_existing=True)
    return views(session, session.scalars(found).all())


def latest_of(session: Session, platform_id: int, module: str) -> OperationView | None:
    """The operation that moved a module last, as it is now; None for one that was never switched."""
    found = (
        select(Operation)
        .join(ModuleRow, ModuleRow.operation_id == Operation.id)
        .where(ModuleRow.platform_id == platform_id, ModuleRow.module == module)
        .execution_options(populate_existing=True)
    )
    operation = session.scalars(found).one_or_none()
    return None if operation is None else views(session, [operation])[0]


def without_tracebacks(view: OperationView) -> OperationView:
    """The operation as people who may not see tracebacks see it."""
    hidden = (
        step if step.error is None else replace(step, error=replace(step.error, traceback=None)) for step in view.steps
    )
    return replace(view, steps=tuple(hidden))
