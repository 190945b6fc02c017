"""The parent of processes: it restarts what ends, reaps strangers and ends all, also those that will not."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from console.errors import CannotStart
from console.jobs.tree import Child, fork, supervise
from tests.support.bench import exited, is_running
from tests.support.waiting import until


def lines(path: Path) -> list[int]:
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def note(path: Path, pid: int | None = None) -> None:
    with path.open("a") as file:
        file.write(f"{pid or os.getpid()}\n")


def test_a_child_that_ends_is_started_again_with_growing_pauses(tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    parent = fork(lambda: supervise([Child("short", lambda: note(starts), pause_s=0.01)], grace_s=5.0))
    until(lambda: len(lines(starts)) >= 4)
    os.kill(parent, signal.SIGTERM)
    assert exited(parent) == 0
    assert len(set(lines(starts))) == len(lines(starts))


def test_a_child_that_does_not_listen_is_killed_in_the_end(tmp_path: Path) -> None:
    starts = tmp_path / "starts"

    def deaf() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        note(starts)
        while True:
            signal.pause()

    parent = fork(lambda: supervise([Child("deaf", deaf)], grace_s=0.2))
    child = until(lambda: lines(starts))[0]
    os.kill(parent, signal.SIGTERM)
    assert exited(parent) == 0
    assert not is_running(child)


def test_an_error_on_purpose_is_the_exit_code() -> None:
    def refuse() -> None:
        raise CannotStart("not today")

    assert exited(fork(refuse)) == CannotStart.exit_code
    assert exited(fork(lambda: os._exit(0))) == 0
    assert exited(fork(lambda: 1 / 0)) == 1


def test_pauses_grow_to_a_limit_and_begin_anew_after_a_steady_life() -> None:
    child = Child("any", bool)
    pauses = []
    for _ in range(9):
        child.started = time.monotonic()
        pauses.append(child.pause_s)
        child.ended(1)
    assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0]
    child.started = time.monotonic() - 61.0
    child.ended(0)
    assert child.due - time.monotonic() <= 0.5


def test_a_stranger_that_the_parent_inherits_is_reaped(tmp_path: Path) -> None:
    """A process whose own parent is gone falls to the nearest ancestor that takes it; it must not stay a zombie."""
    strangers = tmp_path / "strangers"

    def adopt() -> None:
        import ctypes

        subreaper = 36
        assert ctypes.CDLL(None).prctl(subreaper, 1, 0, 0, 0) == 0
        supervise([Child("orphaner", orphan)], grace_s=5.0)

    def orphan() -> None:
        middle = os.fork()
        if middle == 0:
            if os.fork() == 0:
                note(strangers)
            os._exit(0)
        os.waitpid(middle, 0)
        while True:
            signal.pause()

    parent = fork(adopt)
    stranger = until(lambda: lines(strangers))[0]
    until(lambda: not Path(f"/proc/{stranger}").exists())
    os.kill(parent, signal.SIGTERM)
    assert exited(parent) == 0
