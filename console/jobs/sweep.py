"""Finds what lost its message or its worker, and calls runners to it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from console.domain.words import StepState
from console.jobs.process import is_gone
from console.jobs.state import jobs_of, runtime_of
from console.jobs.work import record
from console.services import journal
from console.storage.tables import OperationStep
from console.storage.uow import UnitOfWork

if TYPE_CHECKING:
    from flask import Flask


def sweep(app: Flask, *, lost: str = "") -> int:
    """Wake runners for all that is due and has no message in the queue; how many were missing.

    Args:
        lost: Name of a worker that is surely dead: what it held is free at once.
    """
    rt = runtime_of(app)
    jobs = jobs_of(app)

    def look(uow: UnitOfWork, now: datetime) -> int:
        release_the_dead(uow, now=now, lost=lost)
        due = journal.sweep(uow, rt, now)
        waiting = jobs.storage.waiting(uow.session) if due else frozenset()
        lost_messages = [message for message in due if jobs.encode(message) not in waiting]
        for message in lost_messages:
            rt.messenger.send(uow.session, message)
        return len(lost_messages)

    return record(app, look, within_s=rt.settings.lease_s)


def release_the_dead(uow: UnitOfWork, *, now: datetime, lost: str = "") -> int:
    """End the leases of steps whose worker is gone for sure; how many there were."""
    found = select(OperationStep.id, OperationStep.worker).where(
        OperationStep.state == StepState.RUNNING, OperationStep.lease_until > now
    )
    dead = [row.id for row in uow.session.execute(found) if row.worker and (row.worker == lost or is_gone(row.worker))]
    if dead:
        uow.session.execute(update(OperationStep).where(OperationStep.id.in_(dead)).values(lease_until=now))
    return len(dead)
