"""A new worker records what its predecessor died of: nothing waits for a lease that nobody holds."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from console.domain import sentences
from console.domain.journal import HookOutcome
from console.jobs.board import Left, Slot, WorkKind
from console.jobs.health import store_lost
from console.jobs.state import runtime_of
from console.jobs.work import record
from console.services import deliveries, journal, tasks
from console.services.runtime import Runtime
from console.storage.uow import UnitOfWork

if TYPE_CHECKING:
    from flask import Flask

log = logging.getLogger("console.jobs")
TIMEOUT = "timeout"
"""The error class of a hook that was stopped at its deadline."""


def settle(app: Flask, slot: Slot) -> None:
    """Record the end of whatever stands on the place that this worker takes; then the place is free."""
    left = slot.left()
    if left is None:
        return
    log.warning("the predecessor %s at %s", "ran out of time" if left.timed_out else "ended", left.work)
    try:
        _record(app, left)
    except Exception:
        log.exception("what the predecessor did is not recorded; the end of its lease will show it")
    finally:
        slot.clear()


def _record(app: Flask, left: Left) -> None:
    rt = runtime_of(app)
    work = left.work
    if work.kind is WorkKind.HEALTH:
        store_lost(
            app, work.name, platform_id=work.id, message=_ending(left, sentences.CHECK_TIMED_OUT, sentences.CHECK_DIED)
        )
    else:
        record(app, lambda uow, now: _fail(uow, rt, left, now=now), within_s=rt.settings.lease_s)


def _ending(left: Left, timed_out: str, died: str) -> str:
    return timed_out if left.timed_out else died


def _fail(uow: UnitOfWork, rt: Runtime, left: Left, *, now: datetime) -> bool:
    work = left.work
    if work.kind is WorkKind.STEP:
        step = journal.find_claim(uow.session, rt, work.id, work.fence)
        return step is not None and journal.fail(uow, rt, step, _outcome(left), None, now)
    if work.kind is WorkKind.DELIVERY:
        delivery = deliveries.find_claim(uow.session, rt, work.id, work.fence)
        return delivery is not None and deliveries.fail(
            uow, rt, delivery, _ending(left, sentences.SUBSCRIBER_TIMED_OUT, sentences.SUBSCRIBER_DIED), now
        )
    run = tasks.find_claim(uow.session, rt, work.id, work.fence)
    return run is not None and tasks.fail(
        uow, rt, run, _ending(left, sentences.TASK_TIMED_OUT, sentences.TASK_DIED), now
    )


def _outcome(left: Left) -> HookOutcome:
    message = _ending(left, sentences.HOOK_TIMED_OUT, sentences.HOOK_DIED)
    if left.timed_out:
        return HookOutcome("error", message, TIMEOUT, retryable=True)
    return HookOutcome("error", message, journal.WORKER_LOST, retryable=True)
