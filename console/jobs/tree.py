"""A small parent and its children: started, watched, restarted with growing pauses, ended together.

The parent loads nothing and opens no database. Children lead their own group and are killed by the kernel when the
parent is gone, so that ``kill -9`` of it leaves nothing behind.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from console.errors import ConsoleError
from console.jobs.process import ENDS, be_child, kill_group, kill_rest

log = logging.getLogger("console.server")
Body = Callable[[], object]
_HEARD = {*ENDS, signal.SIGCHLD}
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 30.0
_STEADY_S = 60.0
"""A child that lived this long starts with the first pause again."""
_LOOK_S = 0.05


def fork(body: Body) -> int:
    """The process id of a child that runs ``body`` and ends: with 0, with an error's exit code, or with 1."""
    sys.stdout.flush()
    sys.stderr.flush()
    parent_pid = os.getpid()
    pid = os.fork()
    if pid == 0:
        _be_child(body, parent_pid)
    return pid


def _be_child(body: Body, parent_pid: int) -> NoReturn:
    code = 1
    try:
        be_child(parent_pid)
        body()
        code = 0
    except ConsoleError as error:
        log.error("%s%s", error, f" {error.hint}" if error.hint else "")
        code = error.exit_code
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else int(error.code is not None)
    except BaseException:
        log.exception("a child process failed")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


@dataclass(slots=True)
class Child:
    """One child: its name for the log, what it runs, and how it fares."""

    name: str
    body: Body
    pid: int | None = None
    started: float = 0.0
    pause_s: float = _FIRST_PAUSE_S
    due: float = field(default=0.0)

    def start(self) -> None:
        """Fork it."""
        self.pid = fork(self.body)
        self.started = time.monotonic()
        log.info("%s runs as process %s", self.name, self.pid)

    def ended(self, code: int) -> None:
        """It has ended: what it left of its group ends too, and it is due again after its pause."""
        if self.pid is not None:
            kill_rest(self.pid)
        now = time.monotonic()
        if now - self.started >= _STEADY_S:
            self.pause_s = _FIRST_PAUSE_S
        self.due = now + self.pause_s
        log.warning("%s has ended with %s; it starts again in %g s", self.name, code, self.pause_s)
        self.pause_s = min(_LONGEST_PAUSE_S, self.pause_s * 2)
        self.pid = None


def supervise(children: Sequence[Child], *, grace_s: float) -> int:
    """Keep the children running until SIGTERM or SIGINT, then end them and return 0.

    Args:
        grace_s: How long they have for what they are at before they are killed.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _HEARD)
    hup = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        for child in children:
            child.start()
        while True:
            heard = signal.sigtimedwait(_HEARD, _until_due(children))
            if heard is not None and heard.si_signo in ENDS:
                break
            _reap(children)
            for child in children:
                if child.pid is None and time.monotonic() >= child.due:
                    child.start()
    finally:
        stop(children, grace_s=grace_s)
        signal.signal(signal.SIGHUP, hup)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return 0


def _reap(children: Sequence[Child]) -> None:
    """Take notice of all that ended; as the first process of a container the parent also inherits strangers."""
    by_pid = {child.pid: child for child in children if child.pid is not None}
    while by_pid:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        child = by_pid.pop(pid, None)
        if child is not None:
            child.ended(os.waitstatus_to_exitcode(status))


def _until_due(children: Sequence[Child]) -> float:
    waiting = [child.due for child in children if child.pid is None]
    return max(0.0, min(waiting) - time.monotonic()) if waiting else _LONGEST_PAUSE_S


def stop(children: Sequence[Child], *, grace_s: float) -> None:
    """End all children: asked first, killed after ``grace_s`` seconds."""
    pids = [child.pid for child in children if child.pid is not None]
    for pid in pids:
        os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + grace_s
    while pids and time.monotonic() < until:
        pids = [pid for pid in pids if os.waitpid(pid, os.WNOHANG)[0] == 0]
        time.sleep(_LOOK_S)
    for pid in pids:
        log.warning("process %s did not end in time and is killed", pid)
        kill_group(pid)
        os.waitpid(pid, 0)
    for child in children:
        child.pid = None
