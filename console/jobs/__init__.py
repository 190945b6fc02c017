"""Everything that runs module code outside requests: Huey, the operation runner, deliveries, tasks, health rounds.

Huey wakes; what is to be done, and what was done, stands in the tables. Huey itself is imported when the first
message is sent: it is a start-up cost that a listing command need not pay.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from console.jobs import liveness
from console.jobs.flask_run import bring_runner
from console.jobs.messenger import HueyMessenger

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from console.services.runtime import Runtime

__all__ = ["alive", "init_app", "messenger"]


def messenger() -> HueyMessenger:
    """A messenger that can send once ``init_app`` has run."""
    return HueyMessenger()


def init_app(app: Flask, rt: Runtime) -> None:
    """Let the runtime's messenger send through the application's Huey; connects to nothing."""
    if not isinstance(rt.messenger, HueyMessenger):
        rt.messenger = HueyMessenger()
    rt.messenger.bind(app)
    bring_runner(app)


def alive(session: Session, now: datetime) -> bool:
    """Whether a runner takes messages at the moment."""
    return liveness.alive(session, now)
