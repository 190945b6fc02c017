"""Groups, parents whose death is followed, and names of processes that are never mixed up."""

from __future__ import annotations

import os
import signal

from console.jobs.process import die_with_parent, identity, is_gone, kill_group, lead_own_group
from tests.support.bench import is_running
from tests.support.waiting import until


def test_a_living_process_is_not_gone() -> None:
    assert not is_gone(identity())
    assert not is_gone(identity() + "/3")


def test_a_dead_process_is_gone() -> None:
    pid = os.fork()
    if pid == 0:
        signal.pause()
        os._exit(0)
    name = identity(pid)
    assert not is_gone(name)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    assert is_gone(name)
    assert is_gone(name + "/0")


def test_a_later_process_with_the_same_number_is_another() -> None:
    host, pid, start = identity().split(":")
    assert is_gone(f"{host}:{pid}:{int(start) + 1}")


def test_nothing_is_known_about_other_machines() -> None:
    assert not is_gone("elsewhere.4026531836:99999999:1")
    assert not is_gone("")
    assert not is_gone("no name at all")


def test_a_group_is_killed_with_all_that_it_started() -> None:
    readable, writable = os.pipe()
    leader = os.fork()
    if leader == 0:
        lead_own_group()
        grandchild = os.fork()
        if grandchild == 0:
            signal.pause()
        os.write(writable, f"{grandchild}\n".encode())
        signal.pause()
        os._exit(0)
    grandchild = int(os.read(readable, 20))
    kill_group(leader)
    os.waitpid(leader, 0)
    assert until(lambda: not is_running(grandchild))
    kill_group(leader)  # the dead may be killed again


def test_a_child_does_not_survive_its_killed_parent() -> None:
    readable, writable = os.pipe()
    parent = os.fork()
    if parent == 0:
        own = os.getpid()
        child = os.fork()
        if child == 0:
            die_with_parent(own)
            os.write(writable, f"{os.getpid()}\n".encode())
            signal.pause()
        signal.pause()
        os._exit(0)
    child = int(os.read(readable, 20))
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    assert until(lambda: not is_running(child))
