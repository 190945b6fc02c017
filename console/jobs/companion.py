"""A runner of one's own: for ``--wait`` when no worker lives.

Hooks run in children of a child, so one that hangs or ends its process is stopped at its deadline and the caller lives.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, NoReturn

from flask import has_app_context

from console.errors import OutsideUnitOfWork
from console.jobs import consumer
from console.jobs.liveness import alive
from console.jobs.process import be_child, kill_group
from console.jobs.scheduler import BROUGHT
from console.jobs.state import jobs_of, runtime_of
from console.jobs.work import record
from console.services.runtime import Message
from console.storage.base import db
from console.storage.session import UNIT
from console.storage.uow import UnitOfWork, read_session

if TYPE_CHECKING:
    from flask import Flask

log = logging.getLogger("console.jobs")
LOOK_S = 0.05
_ALIVE_EVERY_S = 1.0
_GRACE_S = 2.0


def drain(app: Flask, *, platform_id: int, until: Callable[[], bool], timeout_s: float | None) -> bool:
    """Wait until ``until`` says so, with a runner of one's own for as long as no other lives; whether it did in time.

    Call it outside a unit of work: what the caller's session has read is forgotten, because no connection crosses a
    fork. When the time is over, a hook that the own runner has begun is stopped; the next runner tries it again.

    Args:
        platform_id: Whose operations are to run.
        until: Asked many times a second, in an application context with a fresh view of the database.
        timeout_s: None waits for ever.

    Raises:
        OutsideUnitOfWork: Called inside one.
    """
    _must_be_outside()
    deadline = None if timeout_s is None else time.monotonic() + timeout_s
    own: int | None = None
    look_at = 0.0
    try:
        while not _fresh(app, until):
            if deadline is not None and time.monotonic() >= deadline:
                return False
            if time.monotonic() >= look_at:
                own = _keep_runner(app, own, platform_id)
                look_at = time.monotonic() + _ALIVE_EVERY_S
            time.sleep(LOOK_S)
        return True
    finally:
        if own is not None:
            stop_runner(own)


def _fresh(app: Flask, until: Callable[[], bool]) -> bool:
    with app.app_context():
        return until()


def _keep_runner(app: Flask, own: int | None, platform_id: int) -> int | None:
    """The own runner, started when none lives."""
    if own is not None and not _has_ended(own):
        return own
    with app.app_context():
        if alive(read_session(), runtime_of(app).clock()):
            return None
    rt = runtime_of(app)

    def call(uow: UnitOfWork, _now: datetime) -> None:
        rt.messenger.send(uow.session, Message("platform", platform_id))

    record(app, call, within_s=rt.settings.busy_timeout_s)
    return start_runner(app, kind=BROUGHT, workers=1)


def start_runner(app: Flask, *, kind: str, workers: int) -> int:
    """The process id of a runner that is forked here and dies with this process.

    Raises:
        OutsideUnitOfWork: A unit of work is open; its connection must not cross the fork.
    """
    if has_app_context():
        _must_be_outside()
        db.session.remove()
    jobs_of(app).storage.close()
    sys.stdout.flush()
    sys.stderr.flush()
    parent_pid = os.getpid()
    pid = os.fork()
    if pid == 0:
        _be_runner(app, parent_pid, kind=kind, workers=workers)
    return pid


def _must_be_outside() -> None:
    if has_app_context() and UNIT in read_session().info:
        raise OutsideUnitOfWork("A runner cannot be started inside a unit of work.", hint="Commit first.")


def _be_runner(app: Flask, parent_pid: int, *, kind: str, workers: int) -> NoReturn:
    code = 1
    try:
        be_child(parent_pid)
        os.dup2(2, 1)  # stdout is the caller's answer; what a hook prints is talk
        consumer.run(app, kind=kind, workers=workers)
        code = 0
    except BaseException:
        log.exception("the runner has ended")
    finally:
        os._exit(code)


def _has_ended(pid: int) -> bool:
    return os.waitpid(pid, os.WNOHANG)[0] == pid


def stop_runner(pid: int) -> None:
    """End a runner that was started here; what runs in it may finish within moments."""
    until = time.monotonic() + _GRACE_S
    try:
        os.kill(pid, signal.SIGTERM)
        while time.monotonic() < until:
            if _has_ended(pid):
                return
            time.sleep(LOOK_S)
        kill_group(pid)
        os.waitpid(pid, 0)
    except (ProcessLookupError, ChildProcessError):
        return
