"""Brings platforms in line with what is installed: core modules that they lack, requests for what is on by now."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from console.domain.actor import SYSTEM
from console.domain.words import OperationKind
from console.services import acceptance, answers, requests
from console.services.acceptance import Order
from console.services.locked import lock
from console.services.operation_views import OperationView
from console.services.platforms import core_modules, plan_for
from console.services.runtime import Runtime
from console.storage.tables import ModuleRow, Platform
from console.storage.uow import UnitOfWork


def run(uow: UnitOfWork, rt: Runtime, now: datetime) -> list[OperationView]:
    """One ``reconcile`` operation by ``system`` for each platform that lacks a core module; usually none.

    Reads before it locks, so that a start with nothing to do takes no lock however many platforms there are.
    """
    _grant_what_is_on(uow, rt, now)
    core = core_modules(rt.registry)
    if not core:
        return []
    accepted = []
    for platform_id in _lacking(uow, core):
        held = lock(uow, rt, platform_id, now)
        plan = plan_for(held, (code for code in core if code not in held.rows or not held.rows[code].wanted))
        if plan.steps:
            accepted.append(acceptance.record(held, plan, Order(OperationKind.RECONCILE, SYSTEM)))
    return accepted


def _grant_what_is_on(uow: UnitOfWork, rt: Runtime, now: datetime) -> None:
    """A gate may have opened without a step: a migration ran, a quarantine ended."""
    for platform_id in requests.platforms_that_wait(uow.session):
        held = lock(uow, rt, platform_id, now)
        answers.grant_open(held, held.open_codes(), actor=SYSTEM)


def _lacking(uow: UnitOfWork, core: list[str]) -> list[int]:
    """Ids of the platforms on which a core module has no row, or one from a time when it could be off."""
    has = (
        select(ModuleRow.platform_id, ModuleRow.module)
        .where(ModuleRow.module.in_(core), ModuleRow.wanted)
        .subquery("has")
    )
    full = select(has.c.platform_id).group_by(has.c.platform_id).having(func.count() == len(core))
    found = select(Platform.id).where(Platform.archived_at.is_(None), Platform.id.not_in(full)).order_by(Platform.id)
    return list(uow.session.scalars(found))
