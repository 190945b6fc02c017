"""The deadline board: what one process writes, another reads, also after the first one's death."""

from __future__ import annotations

import os
import signal
import time

from console.jobs.board import Board, Left, Work, WorkKind
from tests.support.waiting import until

STEP = Work(WorkKind.STEP, id=7, fence=3, name="payments")


def test_an_empty_place_says_nothing_and_never_expires() -> None:
    slot = Board(1).slots[0]
    assert slot.left() is None
    assert not slot.expire(time.monotonic() + 1e9)


def test_a_deadline_expires_once_and_says_what_ran() -> None:
    slot = Board(1).slots[0]
    slot.occupy(STEP, 10.0)
    assert not slot.expire(time.monotonic())
    assert slot.expire(time.monotonic() + 11.0)
    assert not slot.expire(time.monotonic() + 12.0)
    assert slot.left() == Left(STEP, timed_out=True)


def test_work_after_the_expired_one_did_not_time_out() -> None:
    slot = Board(1).slots[0]
    slot.occupy(STEP, 0.0)
    assert slot.expire(time.monotonic() + 1.0)
    slot.clear()
    slot.occupy(Work(WorkKind.HEALTH, name="cms"), 10.0)
    assert slot.left() == Left(Work(WorkKind.HEALTH, name="cms"), timed_out=False)


def test_the_deadline_of_a_dead_holder_does_not_end_whoever_records_its_death() -> None:
    slot = Board(1).slots[0]
    slot.occupy(STEP, 10.0)
    slot.end()
    assert not slot.expire(time.monotonic() + 11.0)
    assert slot.left() == Left(STEP, timed_out=False)


def test_places_are_apart() -> None:
    first, second = Board(2).slots
    first.occupy(STEP, 10.0)
    assert second.left() is None
    second.occupy(Work(WorkKind.TASK, id=9, fence=1, name="a-much-longer-code"), 10.0)
    assert first.left() == Left(STEP, timed_out=False)


def test_a_long_name_is_cut_where_it_must() -> None:
    slot = Board(1).slots[0]
    slot.occupy(Work(WorkKind.HEALTH, name="x" * 500), 1.0)
    left = slot.left()
    assert left is not None
    assert left.work.name == "x" * len(left.work.name)
    assert len(left.work.name) >= 64


def test_what_a_killed_process_wrote_is_still_there() -> None:
    slot = Board(1).slots[0]
    pid = os.fork()
    if pid == 0:
        slot.occupy(STEP, 60.0)
        signal.pause()
        os._exit(0)
    until(lambda: slot.left() is not None)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    assert slot.left() == Left(STEP, timed_out=False)
