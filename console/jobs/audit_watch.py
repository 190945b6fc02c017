"""Looks each day whether the audit holds, whole, so that a tamper is found without anybody asking.

The scheduler of one machine asks, a worker looks: it may take minutes, and nothing else waits for it. When it is due
is told by the heads of the chains, which say when somebody looked last: a look that died is due again.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from console.jobs.state import jobs_of, runtime_of
from console.jobs.work import record
from console.services import audit_verify
from console.services.runtime import Message
from console.storage.uow import UnitOfWork, end_read, read_session

if TYPE_CHECKING:
    from flask import Flask

log = logging.getLogger("console.jobs")
WATCHER = "system"
_TURN = "audit:watch"
_TURN_S = 3600.0
"""How long whoever was asked has for the look; then another may be asked."""


def start_watch(app: Flask) -> bool:
    """Ask a worker to look at the audit, if the last look is long enough ago and nobody was asked; whether it was."""
    rt = runtime_of(app)
    every_s = rt.settings.audit_every_s
    now = rt.clock()
    with app.app_context():
        is_due = audit_verify.is_due(read_session(), every=timedelta(seconds=every_s), now=now)
        end_read()
    now_s = now.timestamp()
    if not is_due or not jobs_of(app).storage.take_turn(_TURN, now_s=now_s, until_s=now_s + min(every_s, _TURN_S)):
        return False

    def ask(uow: UnitOfWork, _now: datetime) -> None:
        rt.messenger.send(uow.session, Message("audit"))

    record(app, ask, within_s=rt.settings.lease_s)
    return True


def watch(app: Flask) -> None:
    """Look at the whole audit, and keep on its chains what was found; what is wrong stands in the log, too."""
    rt = runtime_of(app)
    with app.app_context():
        verdict = audit_verify.verify(read_session(), rt)

    def keep(uow: UnitOfWork, now: datetime) -> None:
        audit_verify.remember(uow, verdict, by=WATCHER, now=now)

    record(app, keep, within_s=rt.settings.lease_s)
    for found in verdict.findings[:10]:
        log.error("the audit was meddled with: %s at place %s of %r", found.wrong, found.place, found.platform)
    if verdict.findings:
        log.error("%s places of the audit were meddled with; see `audit verify`", len(verdict.findings))
