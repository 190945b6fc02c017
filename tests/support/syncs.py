"""Counts the fsyncs of a piece of code, as the kernel sees them.

The code runs in a child that its parent traces, so a sync counts whoever asks for it: SQLite in C, or a library.
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import struct
import traceback
from collections.abc import Callable

_TRACEME, _CONT_TO_SYSCALL, _SETOPTIONS, _SYSCALL_INFO = 0, 24, 0x4200, 0x420E
_TRACESYSGOOD, _EXITKILL = 0x1, 0x100000
_ENTRY = 1
_SYSCALL_STOP = signal.SIGTRAP | 0x80
_HEAD = struct.Struct("<B3xIQQQ")  # op, arch, instruction and stack pointer, number of the call
_CALLS = {
    "x86_64": {26: "msync", 74: "fsync", 75: "fdatasync", 162: "sync", 277: "sync_file_range", 306: "syncfs"},
    "aarch64": {81: "sync", 82: "fsync", 83: "fdatasync", 84: "sync_file_range", 227: "msync", 267: "syncfs"},
}

_libc = ctypes.CDLL(None, use_errno=True)
_libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
_libc.ptrace.restype = ctypes.c_long


def syncs_of(action: Callable[[], None], *, after: Callable[[], None] = lambda: None) -> list[str]:
    """The names of the syncing system calls that ``action`` makes, in order.

    Args:
        action: Runs in a forked child; no connection of a database may be open when this is called.
        after: Runs in the child first, and is not counted.

    Raises:
        AssertionError: ``action`` or ``after`` raised; the traceback is on stderr.

    Source: ptrace(2), PTRACE_GET_SYSCALL_INFO.
    """
    names = _CALLS[platform.machine()]
    pid = os.fork()
    if pid == 0:
        _be_traced(action, after)
    _expect_stop(pid, signal.SIGSTOP)
    _ptrace(_SETOPTIONS, pid, 0, _TRACESYSGOOD | _EXITKILL)
    found: list[str] = []
    while True:
        _ptrace(_CONT_TO_SYSCALL, pid)
        _, status = os.waitpid(pid, 0)
        if not os.WIFSTOPPED(status):
            assert os.waitstatus_to_exitcode(status) == 0, "the traced code raised; see above"
            return found
        if os.WSTOPSIG(status) == _SYSCALL_STOP and (name := names.get(_entered(pid))):
            found.append(name)


def _be_traced(action: Callable[[], None], after: Callable[[], None]) -> None:
    code = 1
    try:
        after()
        _ptrace(_TRACEME, 0)
        os.kill(os.getpid(), signal.SIGSTOP)
        action()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _expect_stop(pid: int, signum: int) -> None:
    _, status = os.waitpid(pid, 0)
    assert os.WIFSTOPPED(status), "the code before the traced one raised; see above"
    assert os.WSTOPSIG(status) == signum


def _entered(pid: int) -> int:
    """The number of the call that the child enters; -1 where it leaves one."""
    head = ctypes.create_string_buffer(_HEAD.size)
    _ptrace(_SYSCALL_INFO, pid, _HEAD.size, ctypes.addressof(head))
    op, _arch, _at, _stack, number = _HEAD.unpack(head.raw)
    return int(number) if op == _ENTRY else -1


def _ptrace(request: int, pid: int, address: int = 0, data: int = 0) -> None:
    if _libc.ptrace(request, pid, address, data) < 0:
        raise OSError(ctypes.get_errno(), f"ptrace {request:#x}: {os.strerror(ctypes.get_errno())}")
