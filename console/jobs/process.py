"""What a process asks of the kernel: groups, a parent whose death it does not survive, and who is still there."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

_PR_SET_PDEATHSIG = 1
ENDS = (signal.SIGTERM, signal.SIGINT)
"""The signals that ask a process to end."""


def die_with_parent(parent_pid: int) -> None:
    """From here on this process is killed as soon as its parent is gone, also by ``kill -9``.

    Args:
        parent_pid: The parent at the time of the fork; if it is gone already, this process ends at once.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != parent_pid:
        os._exit(1)


def lead_own_group() -> None:
    """Make this process the leader of its own process group, so that one signal reaches all that it starts."""
    os.setpgid(0, 0)


def be_child(parent_pid: int) -> None:
    """What every process that is forked here does first: own group, no life beyond its parent's, signals of its own."""
    die_with_parent(parent_pid)
    lead_own_group()
    hear_signals()


def hear_signals() -> None:
    """Have signals as a fresh process has them, whatever the starter ignored, blocked or handled.

    A runner that inherits a blocked SIGTERM would never end, and one that inherits an ignored SIGCHLD would take its
    dead children for living ones.
    """
    signal.set_wakeup_fd(-1)
    for each in (*ENDS, signal.SIGCHLD):
        signal.signal(each, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


def end_on_sigterm() -> None:
    """Have signals as they should be, and let SIGTERM end this process also when it is the first of its container."""
    hear_signals()
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def leaving_on_sigterm() -> Generator[None]:
    """Let SIGTERM end the block as an exception, so that it clears away what it has begun; who ignores it goes on."""
    before = signal.getsignal(signal.SIGTERM)
    if before is signal.SIG_IGN or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)


def _end(signum: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + signum)


def _leave(_signum: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def kill_group(pid: int) -> None:
    """Kill the living process ``pid`` and the group that it leads, if it leads one already."""
    kill_rest(pid)
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def kill_rest(leader: int) -> None:
    """Kill what is left of the group of a process that has ended; its own number may be another's by now."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def _started(pid: int) -> str | None:
    """The kernel's start tick of ``pid``, which tells it from a later process of the same number."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    state, *rest = stat.rpartition(")")[2].split()
    return None if state == "Z" else rest[18]


def _host() -> str:
    """This machine and, in it, the namespace of process numbers: containers may share the name."""
    return f"{socket.gethostname()[:50]}.{Path('/proc/self/ns/pid').stat().st_ino}"


def identity(pid: int | None = None) -> str:
    """``host:pid:start`` of a process: unique on this network for as long as it matters."""
    pid = os.getpid() if pid is None else pid
    return f"{_host()}:{pid}:{_started(pid) or '0'}"


def is_gone(name: str) -> bool:
    """Whether the process of that identity surely lives no more; never true of another machine's.

    Args:
        name: An ``identity``, with or without a ``/`` and more behind it.
    """
    host, _, rest = name.partition("/")[0].partition(":")
    pid, _, start = rest.partition(":")
    return host == _host() and pid.isdigit() and _started(int(pid)) != start
