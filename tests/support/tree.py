"""The console as operators start it: a process tree of its own, asked over HTTP."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path

from tests.support.waiting import until

ROOT = Path(__file__).parents[2]
ADDRESS = re.compile(r"Module Console is at (http://\S+)/")
LINK = re.compile(r"Create the first admin: (http://\S+)")
_CODE = """
import sys
from console.server import {name}
from console.settings import load_settings
from console.errors import ConsoleError
try:
    code = {name}(load_settings(), **{options})
except ConsoleError as error:
    sys.stderr.write(f"{{error}}\\n")
    code = error.exit_code
sys.exit(code)
"""


def code_of(name: str, options: Mapping[str, object] | None = None) -> str:
    """A program that calls ``console.server.NAME`` with the settings of its environment."""
    return _CODE.format(name=name, options=dict(options or {}))


@dataclass(slots=True)
class Tree:
    """A started program with all its processes; its output goes to a file."""

    process: subprocess.Popen[bytes]
    output: Path
    seen: set[int] = field(default_factory=set)

    @property
    def pid(self) -> int:
        """The parent's process id."""
        return self.process.pid

    def text(self) -> str:
        """What it has said."""
        return self.output.read_text()

    def said(self, pattern: re.Pattern[str]) -> str:
        """The first group of a line, once it is said."""
        until(lambda: pattern.search(self.text()) or self.process.poll() is not None, what=self.text)
        found = pattern.search(self.text())
        assert found, self.text()
        return found.group(1)

    def get(self, path: str) -> tuple[int, str]:
        """Status and body of an address."""
        return get(self.said(ADDRESS) + path)

    def processes(self) -> set[int]:
        """Every process that it has started and that lives, the parent included."""
        found = _living_below(self.pid)
        self.seen |= found
        return found

    def children(self) -> list[int]:
        """The parent's direct children, in the order of their start."""
        return children_of(self.pid)

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> int:
        """End it by a signal; its exit code."""
        self.processes()
        if self.process.poll() is None:
            self.process.send_signal(sign)
        return self.process.wait(timeout=60)

    def left(self) -> set[int]:
        """Processes that were seen in it and still live."""
        return {pid for pid in self.seen if pid in _parents()}


def get(url: str) -> tuple[int, str]:
    """Status and body of an address; errors are answers."""
    status, _, body = answer_of(url)
    return status, body


def answer_of(url: str) -> tuple[int, Message, str]:
    """Status, headers and body of an address; errors are answers."""
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode()


def children_of(pid: int) -> list[int]:
    """The living processes that a process has started itself, in the order of their start."""
    return sorted(child for child, parent in _parents().items() if parent == pid)


def _parents() -> dict[int, int]:
    """Living process → its parent."""
    found: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent, *_ = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if state != "Z":
            found[int(path.parent.name)] = int(parent)
    return found


def _living_below(pid: int) -> set[int]:
    parents = _parents()
    found = {pid} & set(parents)
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


@contextmanager
def started(code: str, output: Path, **settings: object) -> Iterator[Tree]:
    """A Python program with the settings in its environment, ended when the block ends."""
    with started_command([sys.executable, "-c", code], output, **settings) as tree:
        yield tree


@contextmanager
def started_command(command: list[str], output: Path, **settings: object) -> Iterator[Tree]:
    """Any command with the settings in its environment, ended when the block ends."""
    given = {f"CONSOLE_{name.upper()}": str(value) for name, value in settings.items()}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CONSOLE_")}
    variables = {**kept, "PYTHONPATH": str(ROOT), **given}
    with output.open("wb") as file:
        process = subprocess.Popen(command, env=variables, stdout=file, stderr=file, cwd=output.parent)
    tree = Tree(process, output)
    try:
        yield tree
    finally:
        tree.stop()
