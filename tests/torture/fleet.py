"""The console's processes, killed one by one or all at once, and started again."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from pathlib import Path

from tests.support.tree import Tree, children_of, code_of, started
from tests.support.waiting import until
from tests.torture.stage import Stage


class Shape(StrEnum):
    """Which programs make a fleet."""

    TOGETHER = "serve"
    APART = "serve --no-worker, worker"
    WEB = "serve --no-worker"

    @property
    def programs(self) -> tuple[str, ...]:
        """What is started."""
        return ("serve", "worker") if self is Shape.APART else ("serve",)


class Role(StrEnum):
    """Who is killed."""

    WEB_WORKER = "a web worker"
    WEB = "the web server"
    RUNNER = "a runner"
    RUNNERS = "the runners' parent"
    TREE = "the whole tree"


@dataclass(slots=True)
class Fleet:
    """The programs of one console.

    Args:
        patch: A negative control: what the programs run before they start.
    """

    stage: Stage
    shape: Shape = Shape.TOGETHER
    patch: str = ""
    programs: dict[str, Tree] = field(default_factory=dict)
    _stacks: dict[str, ExitStack] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def start(self) -> None:
        """Start every program that does not run."""
        for name in self.shape.programs:
            if name not in self.programs:
                self._start(name)

    def stop(self) -> None:
        """End everything."""
        for name in list(self.programs):
            self._forget(name)

    def kill(self, role: Role, chance: random.Random) -> None:
        """Kill -9 whoever plays that role, and start again what nobody else starts."""
        if role is Role.TREE or (role is Role.RUNNERS and self.shape is Shape.APART):
            name = "worker" if role is Role.RUNNERS else chance.choice(sorted(self.programs))
            self.programs[name].stop(signal.SIGKILL)
            self._forget(name)
            self._start(name)
            return
        until(lambda: _killed(chance, self._playing(role)), within_s=90.0, what=f"{role} to be there")

    def _start(self, name: str) -> None:
        options: dict[str, object] = {} if name == "worker" else {"with_worker": self.shape is Shape.TOGETHER}
        output = self.stage.folder / f"{name}-{next(self._numbers)}.log"
        stack = self._stacks[name] = ExitStack()
        program = started(self.patch + code_of(name, options), output, **self.stage.settings)
        self.programs[name] = stack.enter_context(program)

    def _forget(self, name: str) -> None:
        tree = self.programs.pop(name)
        self._stacks.pop(name).close()
        until(lambda: not tree.left(), what=tree.left)

    def _playing(self, role: Role) -> list[int]:
        """The processes with that role, oldest first."""
        if role in (Role.WEB, Role.RUNNERS):
            return self._parents(web=role is Role.WEB)
        return [child for parent in self._parents(web=role is Role.WEB_WORKER) for child in children_of(parent)]

    def _parents(self, *, web: bool) -> list[int]:
        """The parents of web workers, or of runners: these listen for wake-ups, and both have children."""
        found = [pid for name, tree in self.programs.items() for pid in _first(name, tree) if children_of(pid)]
        return [pid for pid in found if self._hears_wakes(pid) is not web]

    def _hears_wakes(self, pid: int) -> bool:
        return (Path(str(self.stage.settings["data_dir"])) / "run" / f"queue-{pid}.sock").exists()


def _first(name: str, tree: Tree) -> list[int]:
    """Where web and runners begin in a program; a worker is its runners' parent itself."""
    return tree.children() if name == "serve" else [tree.pid]


def _killed(chance: random.Random, found: list[int]) -> bool:
    if not found:
        return False
    try:
        os.kill(chance.choice(found), signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def sailing(stage: Stage, shape: Shape = Shape.TOGETHER, *, patch: str = "") -> Iterator[Fleet]:
    """A started fleet that answers, ended when the block ends."""
    fleet = Fleet(stage, shape, patch)
    try:
        fleet.start()
        api = next(iter(stage.apis.values()))
        until(lambda: api.look().is_good, within_s=90.0, what=fleet.programs["serve"].text)
        yield fleet
    finally:
        fleet.stop()
