"""Notices that the clock was set: the time has moved and the steady clock, which nobody can set, has not."""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

from console.services import clock_jumps
from console.services.runtime import Runtime
from console.storage.uow import UnitOfWork

log = logging.getLogger("console.jobs")
_LEAST_S = 2.0
_LEASES = 0.5
"""A jump shorter than this part of a lease is left to heartbeats."""


class Timeline:
    """How the time has gone for one process, compared with what all runners noted of it.

    After a suspended machine has woken the others have gone on, so what they noted tells its sleep from a jump.
    """

    def __init__(self) -> None:
        self._last: tuple[datetime, float] | None = None

    def keep(self, uow: UnitOfWork, rt: Runtime, now: datetime) -> None:
        """Mend the journal when the clock was set since anybody looked; else it costs nothing but in a first look."""
        steady_s = time.monotonic()
        least = timedelta(seconds=max(_LEAST_S, rt.settings.lease_s * _LEASES))
        expected = None
        if self._last is not None:
            at, then_s = self._last
            expected = at + timedelta(seconds=steady_s - then_s)
        uow.after_commit(lambda: self._remember(now, steady_s))
        if expected is not None and abs(now - expected) < least:
            return
        jump = _jump(clock_jumps.last_seen(uow), expected, now)
        if abs(jump) >= least:
            log.warning(
                "the clock was set by %+.0f s; leases and waits keep what was left of them", jump.total_seconds()
            )
            clock_jumps.mend(uow, rt, jump=jump, now=now)
            clock_jumps.note_seen(uow, now)

    def _remember(self, now: datetime, steady_s: float) -> None:
        self._last = now, steady_s


def _jump(seen: datetime | None, expected: datetime | None, now: datetime) -> timedelta:
    """How far the clock was set since somebody noted the time; a first look cannot tell a jump ahead from a pause."""
    if seen is not None and now < seen:
        return now - seen
    if expected is None or seen is None:
        return timedelta()
    return max(timedelta(), now - max(seen, expected))
