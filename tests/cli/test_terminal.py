"""At a terminal: tables, colours and questions."""

from __future__ import annotations

import os
import pty
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from tests.cli.documents import ListDocument
from tests.cli.shell import Process, Shell
from tests.support.waiting import until

COLOR = re.compile(r"\x1b\[[0-9;]*m")


class Terminal:
    """A command whose stdin, stdout and stderr are one terminal."""

    def __init__(self, process: Process, *words: str) -> None:
        self.master, slave = pty.openpty()
        self.running = subprocess.Popen(
            [*process.program, *words],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=process.folder,
            env={**process.environment, "TERM": "xterm"},
            start_new_session=True,
        )
        os.close(slave)
        os.set_blocking(self.master, False)
        self.seen = ""

    def shows(self, text: str) -> bool:
        """Whether the text has appeared."""
        try:
            self.seen += os.read(self.master, 65536).decode().replace("\r\n", "\n")
        except BlockingIOError:
            return text in self.seen
        except OSError:  # the other end is closed
            return True
        return text in self.seen

    def type(self, text: str) -> None:
        """Type it, as a person would."""
        os.write(self.master, text.encode())

    def ends(self) -> int:
        """The exit code, once everything that it says was read."""
        until(lambda: self.shows("\0") or self.running.poll() is not None, what=lambda: self.seen)
        code = self.running.wait(timeout=60)
        self.shows("")
        return code


@contextmanager
def terminal(process: Process, *words: str) -> Iterator[Terminal]:
    made = Terminal(process, *words)
    try:
        yield made
    finally:
        if made.running.poll() is None:
            made.running.kill()
            made.running.wait()
        os.close(made.master)


def test_a_table_has_headers_and_colours(shell: Shell, process: Process) -> None:
    with terminal(process, "modules", "list") as run:
        assert run.ends() == 0
    lines = COLOR.sub("", run.seen).splitlines()
    assert lines[0].split() == ["MODULE", "STATE", "VERSION", "KIND", "ORIGIN", "HEALTH", "NEEDS", "NEEDED", "BY"]
    columns = {line.index("1.0.0") for line in lines[1:]}
    assert len(columns) == 1, "aligned"
    assert COLOR.search(run.seen)


def test_colours_and_tables_can_be_left_out(shell: Shell, process: Process) -> None:
    with terminal(process, "modules", "list", "--no-color") as run:
        assert run.ends() == 0
    assert "MODULE" in run.seen
    assert not COLOR.search(run.seen)
    with terminal(process, "modules", "list", "--plain") as run:
        assert run.ends() == 0
    assert "orders\tdisabled" in run.seen


def test_a_cascade_is_asked_about_after_the_plan(shell: Shell, process: Process) -> None:
    with terminal(process, "modules", "enable", "orders") as run:
        until(lambda: run.shows("Go on? [y/N]"), what=lambda: run.seen)
        assert "required by orders" in run.seen
        run.type("n\n")
        assert run.ends() == 1
    assert shell.document(ListDocument, "modules", "list").by_code()["orders"].state == "disabled"
    with terminal(process, "modules", "enable", "orders") as run:
        until(lambda: run.shows("Go on? [y/N]"), what=lambda: run.seen)
        run.type("y\n")
        assert run.ends() == 0
    assert shell.document(ListDocument, "modules", "list").by_code()["orders"].state == "enabled"


def test_no_input_never_asks(shell: Shell, process: Process) -> None:
    with terminal(process, "modules", "enable", "orders", "--no-input") as run:
        assert run.ends() == 2
    assert "Pass --yes to go on." in run.seen


def test_a_password_is_asked_for_without_showing_it(shell: Shell, process: Process) -> None:
    with terminal(process, "users", "create", "ann@example.com", "--role", "platform-viewer") as run:
        for prompt in ("Password:", "Repeat for confirmation:"):
            until(partial(run.shows, prompt), what=lambda: run.seen)
            run.type("a good long passphrase 42\n")
        assert run.ends() == 0
    assert "passphrase" not in run.seen
    assert shell.json("users", "list")["users"][0]["has_password"] is True
