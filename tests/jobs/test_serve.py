"""The process tree of ``serve``: what it starts, what it survives, and that nothing survives it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.bench import HOSTILE
from tests.support.calls import VARIABLE, calls
from tests.support.tree import ADDRESS, LINK, Tree, code_of, get, started, started_command
from tests.support.waiting import until

EIGHT = 8
"""Processes of a tree: the parent, web and its two workers, runners, their scheduler and their two workers."""


@pytest.fixture
def settings(database_url: str, data_dir: Path) -> dict[str, object]:
    return {"data_dir": data_dir, "database_url": database_url, "insecure_http": "true", "port": 0, "heartbeat_s": 0.5}


@pytest.fixture
def fresh(tmp_path: Path) -> dict[str, object]:
    """For what has nothing to do with the kind of database: an empty folder."""
    return {"data_dir": tmp_path / "new", "insecure_http": "true", "port": 0, "heartbeat_s": 0.5}


@contextmanager
def serving(tmp_path: Path, settings: dict[str, object], *, with_worker: bool = True) -> Iterator[Tree]:
    with started(code_of("serve", {"with_worker": with_worker}), tmp_path / "output", **settings) as tree:
        tree.said(ADDRESS)
        yield tree


def readiness(tree: Tree) -> dict[str, object]:
    found = json.loads(tree.get("/readyz")[1])
    assert isinstance(found, dict)
    return found


def test_an_empty_folder_becomes_a_console_with_a_link_for_its_first_admin(
    tmp_path: Path, fresh: dict[str, object]
) -> None:
    with serving(tmp_path, fresh) as tree:
        assert tree.get("/healthz")[0] == 200
        assert get(tree.said(LINK))[0] == 200
        assert get(tree.said(LINK) + "x")[0] == 404
        until(lambda: readiness(tree)["worker"] == "ok")
        assert tree.stop() == 0
    assert (tmp_path / "new" / "secret.key").stat().st_mode & 0o777 == 0o600


def test_a_stop_ends_everything_and_says_that_all_is_well(tmp_path: Path, settings: dict[str, object]) -> None:
    with serving(tmp_path, settings) as tree:
        until(lambda: readiness(tree)["worker"] == "ok")
        until(lambda: len(tree.processes()) == EIGHT)
        tree.process.send_signal(signal.SIGHUP)
        assert tree.get("/healthz")[0] == 200
        assert tree.stop() == 0
    assert tree.left() == set()


def test_an_interrupt_from_the_terminal_is_a_stop(tmp_path: Path, fresh: dict[str, object]) -> None:
    with serving(tmp_path, fresh) as tree:
        assert tree.stop(signal.SIGINT) == 0
    assert tree.left() == set()


def test_nothing_survives_a_killed_parent(tmp_path: Path, settings: dict[str, object]) -> None:
    with serving(tmp_path, settings) as tree:
        until(lambda: readiness(tree)["worker"] == "ok")
        until(lambda: len(tree.processes()) == EIGHT)
        tree.stop(signal.SIGKILL)
        until(lambda: not tree.left(), what=tree.left)


def test_a_child_that_dies_comes_back(tmp_path: Path, settings: dict[str, object]) -> None:
    with serving(tmp_path, settings) as tree:
        until(lambda: readiness(tree)["worker"] == "ok")
        before = set(tree.children())
        assert len(before) == 2
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        until(lambda: len(set(tree.children()) - before) == 2)
        assert tree.get("/healthz")[0] == 200, "who connects meanwhile waits: the parent holds the socket"
        until(lambda: readiness(tree)["worker"] == "ok")
        assert tree.stop() == 0
    assert tree.left() == set()


def test_the_parent_holds_no_database_and_one_thread(tmp_path: Path, fresh: dict[str, object]) -> None:
    with serving(tmp_path, fresh) as tree:
        until(lambda: readiness(tree)["worker"] == "ok")
        opened = [os.readlink(each) for each in Path(f"/proc/{tree.pid}/fd").iterdir()]
        threads = list(Path(f"/proc/{tree.pid}/task").iterdir())
    assert [name for name in opened if "console.db" in name] == []
    assert len([name for name in opened if name.startswith("socket:")]) == 1
    assert len(threads) == 1


def test_a_module_that_cannot_start_up_keeps_nobody_from_serving(
    tmp_path: Path, fresh: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Web workers too: what raises, hangs or ends the process gets a badge, and the others start up."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "calls"))
    folders = os.pathsep.join(str(HOSTILE / "startup" / name) for name in ("mild", "deadly"))
    trouble = {**fresh, "modules_path": folders, "hook_timeout_s": 0.3, "workers": 1}
    with serving(tmp_path, trouble, with_worker=False) as tree:
        modules = readiness(tree)["modules"]
        starts = {name: len(calls(f"{name}.on_startup")) for name in ("ready", "survivor", "gone")}
    assert modules == {
        "asleep": "on_startup did not end within 0.3 s",
        "unstartable": "RuntimeError: cannot start",
        "gone": "on_startup ended its process",
    }
    assert starts["gone"] == 1
    assert starts["ready"] >= 1
    assert starts["survivor"] >= 1


def test_the_web_server_can_run_alone(tmp_path: Path, settings: dict[str, object]) -> None:
    with serving(tmp_path, settings, with_worker=False) as tree:
        assert len(tree.children()) == 1
        assert readiness(tree)["worker"] != "ok"
        with started(code_of("worker"), tmp_path / "worker-output", **settings) as worker:
            until(lambda: readiness(tree)["worker"] == "ok")
            assert worker.stop() == 0
        until(lambda: readiness(tree)["worker"] != "ok")


def test_a_worker_waits_for_the_schema(tmp_path: Path, data_dir: Path, empty_database_url: str) -> None:
    settings = {"data_dir": data_dir, "database_url": empty_database_url, "insecure_http": "true", "port": 0}
    with started(code_of("worker"), tmp_path / "worker-output", **settings, heartbeat_s=0.5) as worker:
        worker.said(re.compile("(waiting for `db upgrade`)"))
        with serving(tmp_path, settings, with_worker=False) as tree:
            until(lambda: readiness(tree)["worker"] == "ok")
        assert worker.stop() == 0


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with started(code_of("serve"), tmp_path / "output", data_dir=tmp_path / "new", port=port) as tree:
            assert tree.process.wait(timeout=60) == 6
    assert f"Cannot listen on 127.0.0.1:{port}: Address already in use." in tree.text()
    assert not (tmp_path / "new" / "console.db").exists()


@pytest.mark.parametrize("program", ["serve", "worker"])
def test_a_key_of_another_database_is_refused_by_its_id(
    tmp_path: Path, settings: dict[str, object], program: str
) -> None:
    with serving(tmp_path, settings) as tree:
        assert tree.stop() == 0
    other = tmp_path / "other.key"
    with started(code_of(program), tmp_path / "second", **settings, secret_key_file=other) as refused:
        assert refused.process.wait(timeout=60) == 6
    assert "but" in refused.text()
    assert str(other) in refused.text()


def test_flask_run_brings_a_runner_that_ends_with_it(tmp_path: Path, settings: dict[str, object]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "flask", "--app", "console", "run", "--port", str(port)]
    given = {name: value for name, value in settings.items() if name != "port"}
    with started_command(command, tmp_path / "output", **given) as tree:
        until(lambda: "Running on" in tree.text(), what=tree.text)
        url = f"http://127.0.0.1:{port}/readyz"
        until(lambda: json.loads(get(url)[1])["worker"] == "ok", what=lambda: get(url))
        tree.stop(signal.SIGKILL)
        until(lambda: not tree.left(), what=tree.left)
