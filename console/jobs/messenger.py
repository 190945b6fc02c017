"""Sends wake-ups that leave only if their cause is committed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.errors import CannotStart
from console.jobs.state import jobs_of
from console.jobs.wake import Channel, poke
from console.storage.uow import current_uow

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from console.services.runtime import Message


class HueyMessenger:
    """Stores wake-ups in the caller's transaction and, once that is committed, wakes a runner."""

    def __init__(self) -> None:
        self._app: Flask | None = None

    def bind(self, app: Flask) -> None:
        """From here on messages can be sent."""
        self._app = app

    def send(self, session: Session, message: Message, *, delay_s: float = 0.0) -> None:
        """Store ``message`` in the transaction of ``session``, due in ``delay_s`` seconds.

        Raises:
            OutsideUnitOfWork: There is no transaction that it could join.
        """
        if self._app is None:
            raise CannotStart("The application is not complete: jobs.init_app has not run.")
        uow = current_uow()
        jobs = jobs_of(self._app)
        jobs.storage.send(session, jobs.encode(message), delay_s=delay_s)
        channel: Channel = "schedule" if delay_s > 0 else "queue"
        uow.after_commit(lambda: poke(jobs.folder, channel))
