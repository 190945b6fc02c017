"""Datagrams that wake: every consumer is reached, the dead are swept away, long paths work."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from console.jobs.wake import Waker, poke


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "run"


def test_a_poke_ends_the_wait(folder: Path) -> None:
    waker = Waker(folder, "queue")
    timer = threading.Timer(0.05, lambda: poke(folder, "queue"))
    timer.start()
    waker.wait(60.0)  # the test's own time-out is the limit
    timer.join()
    assert poke(folder, "queue") == 1
    waker.close()


def test_a_poke_that_came_before_the_wait_counts(folder: Path) -> None:
    waker = Waker(folder, "queue")
    assert poke(folder, "queue") == 1
    waker.wait(60.0)
    waker.close()


def test_channels_are_apart(folder: Path) -> None:
    waker = Waker(folder, "schedule")
    assert poke(folder, "queue") == 0
    assert poke(folder, "schedule") == 1
    waker.close()
    assert poke(folder, "schedule") == 0


def test_another_descriptor_ends_the_wait_and_is_named(folder: Path) -> None:
    waker = Waker(folder, "queue")
    readable, writable = os.pipe()
    os.write(writable, b"x")
    assert list(waker.wait(60.0, readable)) == [readable]
    waker.close()
    os.close(readable)
    os.close(writable)


def test_the_socket_of_a_dead_process_is_removed(folder: Path) -> None:
    pid = os.fork()
    if pid == 0:
        Waker(folder, "queue")
        os._exit(0)
    os.waitpid(pid, 0)
    assert len(list(folder.glob("queue-*.sock"))) == 1
    assert poke(folder, "queue") == 0
    assert list(folder.glob("queue-*.sock")) == []


def test_nobody_listens_without_a_folder(folder: Path) -> None:
    assert poke(folder, "queue") == 0


def test_a_path_longer_than_an_address_works(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 30) / "run"
    waker = Waker(folder, "queue")
    assert len(str(waker.path)) > 108
    assert poke(folder, "queue") == 1
    waker.wait(60.0)
    waker.close()
    assert not waker.path.exists()


def test_a_full_socket_does_not_stop_the_sender(folder: Path) -> None:
    waker = Waker(folder, "queue")
    reached = [poke(folder, "queue") for _ in range(2000)]
    assert reached[0] == 1
    assert reached[-1] == 0
    waker.close()


def test_where_no_socket_can_be_the_wait_just_ends(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    blocked = folder / f"queue-{os.getpid()}.sock"
    blocked.mkdir(parents=True)
    waker = Waker(folder, "queue")
    assert list(waker.wait(0.01)) == []
    assert "runners look by themselves" in caplog.text
    waker.close()
    assert blocked.is_dir()
