"""Which runners live: each consumer has a row that it keeps fresh."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from console.jobs.process import is_gone
from console.jobs.state import runtime_of
from console.jobs.work import record
from console.services.clock_jumps import note_seen
from console.storage.tables import Runner
from console.storage.uow import UnitOfWork

if TYPE_CHECKING:
    from flask import Flask

_BEATS = 4
"""A row that missed so many heartbeats belongs to nobody."""


def alive(session: Session, now: datetime) -> bool:
    """Whether a runner takes messages at the moment; one of this machine that was killed is seen at once."""
    settings = runtime_of(current_app).settings
    span = timedelta(seconds=_BEATS * settings.heartbeat_s)
    fresh = select(Runner.id).where(Runner.seen_at > now - span, Runner.seen_at < now + span)  # clocks are set back
    return any(not is_gone(name) for name in session.scalars(fresh))


def say_alive(app: Flask, name: str, *, kind: str) -> None:
    """Keep the row of the consumer ``name`` fresh, drop those of the long gone, and note the time that it is."""
    beat_s = runtime_of(app).settings.heartbeat_s

    def keep(uow: UnitOfWork, now: datetime) -> None:
        note_seen(uow, now)  # first, as whoever mends the journal after a jump locks it first
        row = uow.session.get(Runner, name)
        if row is None:
            uow.session.add(Runner(id=name, kind=kind, started_at=now, seen_at=now))
        else:
            row.seen_at = now
        long_ago = now - timedelta(seconds=100 * beat_s)
        uow.session.execute(delete(Runner).where(Runner.seen_at < long_ago))

    record(app, keep, within_s=beat_s)


def say_gone(app: Flask, name: str) -> None:
    """Take the row of the consumer ``name`` away."""

    def forget(uow: UnitOfWork, _now: datetime) -> None:
        uow.session.execute(delete(Runner).where(Runner.id == name))

    record(app, forget, within_s=1.0)
