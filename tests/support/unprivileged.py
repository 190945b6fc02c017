"""Being somebody whom the modes of files bind, also when the tests run as root."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager

_VERSION_3 = 0x20080522
_DAC_OVERRIDE, _DAC_READ_SEARCH = 1, 2


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Set(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


@contextmanager
def bound_by_modes() -> Iterator[None]:
    """Inside the block this thread passes by no mode of a file; root keeps the capability and takes it up again.

    Source: capabilities(7), capset(2)
    """
    before = _capabilities()
    _set(before, before[0].effective & ~(1 << _DAC_OVERRIDE | 1 << _DAC_READ_SEARCH))
    try:
        yield
    finally:
        _set(before, before[0].effective)


def _capabilities() -> ctypes.Array[_Set]:
    found = (_Set * 2)()
    _call("capget", found)
    return found


def _set(like: ctypes.Array[_Set], effective: int) -> None:
    wanted = (_Set * 2)(*like)
    wanted[0].effective = effective
    _call("capset", wanted)


def _call(name: str, sets: ctypes.Array[_Set]) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    header = _Header(_VERSION_3, 0)
    if getattr(libc, name)(ctypes.byref(header), ctypes.byref(sets)) != 0:
        raise OSError(ctypes.get_errno(), f"{name} failed")
