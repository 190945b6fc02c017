"""The deadline board: shared memory in which each worker says what it runs and until when it may.

A deadline that holds cannot be kept by the process that runs the hook, so the parent reads the board and kills. What
the killed one was at stays on the board, and its replacement records it.
"""

from __future__ import annotations

import mmap
import time
from dataclasses import dataclass
from enum import IntEnum

_INTS = 6  # seq, kind, id, fence, killed_seq, name length
_NAME_BYTES = 72
_SLOT_BYTES = 8 + _INTS * 8 + _NAME_BYTES
_SEQ, _KIND, _ID, _FENCE, _KILLED, _LENGTH = range(1, _INTS + 1)


class WorkKind(IntEnum):
    """What a worker can be at when it dies."""

    STEP = 1
    DELIVERY = 2
    TASK = 3
    HEALTH = 4
    STARTUP = 5


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of module code that runs under a deadline.

    Args:
        id: Id of the step, delivery or run; of the platform for a health check.
        fence: The claim's fence.
        name: Code of the module.
    """

    kind: WorkKind
    id: int = 0
    fence: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """What a dead worker was at, and whether its deadline killed it."""

    work: Work
    timed_out: bool


class Slot:
    """One worker's place on the board."""

    def __init__(self, memory: memoryview) -> None:
        numbers = memory[: 8 + _INTS * 8]
        self._deadline = numbers[:8].cast("d")
        self._ints = numbers.cast("q")
        self._name = memory[8 + _INTS * 8 :]

    def occupy(self, work: Work, timeout_s: float) -> None:
        """Say what runs from now on, for at most ``timeout_s`` seconds."""
        name = work.name.encode()[:_NAME_BYTES]
        self._name[: len(name)] = name
        self._ints[_LENGTH] = len(name)
        self._ints[_KIND] = work.kind
        self._ints[_ID] = work.id
        self._ints[_FENCE] = work.fence
        self._ints[_SEQ] += 1
        self._deadline[0] = time.monotonic() + timeout_s

    def clear(self) -> None:
        """Say that nothing runs."""
        self._deadline[0] = 0.0
        self._ints[_KIND] = 0

    def end(self) -> None:
        """Say that the holder has died: what it was at stays, its deadline is not that of whoever comes next."""
        self._deadline[0] = 0.0

    def left(self) -> Left | None:
        """What stands here: to its holder what it runs, to a replacement what its predecessor died of."""
        kind = self._ints[_KIND]
        if not kind:
            return None
        name = bytes(self._name[: self._ints[_LENGTH]]).decode(errors="replace")
        work = Work(WorkKind(kind), self._ints[_ID], self._ints[_FENCE], name)
        return Left(work, timed_out=self._ints[_KILLED] == self._ints[_SEQ])

    def expire(self, now_s: float) -> bool:
        """Whether the deadline has passed; then the work is marked so, for whoever takes the place."""
        deadline, seq = self._deadline[0], self._ints[_SEQ]
        if not deadline or now_s < deadline:
            return False
        self._ints[_KILLED] = seq
        self._deadline[0] = 0.0
        return True


class Board:
    """The places of all workers, in memory that forks share."""

    def __init__(self, slots: int) -> None:
        self._memory = mmap.mmap(-1, slots * _SLOT_BYTES)
        view = memoryview(self._memory)
        self.slots = [Slot(view[n * _SLOT_BYTES : (n + 1) * _SLOT_BYTES]) for n in range(slots)]
