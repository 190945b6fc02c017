"""Modules whose hooks succeed, fail, hang or kill their process, and who write down what they did.

What a hook does follows from the seed and the step that it runs in. The journal of a folder is a file to which every
process appends whole lines, so that what happened can be judged without asking the console.
"""

from __future__ import annotations

import os
import signal
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import Event

from console.sdk import AuthFailed, ModuleEventData, NotReady, current_step

BEGAN, DONE, HEARD = "began", "done", "heard"
_DEFINITION = """\
from pathlib import Path

from console.sdk import ModuleDefinition
from tests.torture.moody import hook

module = ModuleDefinition(code={code!r}, name={name!r}, requires={requires!r}{hooks})
"""
_HOOK = ", on_{action}=hook({action!r}, Path({journal!r}), seed={seed}, moods={moods!r})"
_EVENTS = """\
from pathlib import Path

from console.sdk import ModuleEvent, module_event_bus
from tests.torture.moody import subscriber

hear = subscriber(Path({journal!r}), __name__)
module_event_bus.subscribe(ModuleEvent.ENABLED)(hear)
module_event_bus.subscribe(ModuleEvent.DISABLED)(hear)
"""


class Mood(StrEnum):
    """What a hook does, most of them only the first time that a step calls it."""

    WELL = "well"
    RAISES = "raises"
    WAITS = "waits"
    REFUSES = "refuses"
    HANGS = "hangs"
    DIES = "dies"


EVERY_MOOD = {Mood.DIES: 40, Mood.HANGS: 20, Mood.REFUSES: 30, Mood.RAISES: 50, Mood.WAITS: 30}
"""Of 1,000 steps, how many meet which mood; the others go well."""


@dataclass(frozen=True, slots=True)
class Cast:
    """The modules of a folder.

    Args:
        requires: Code → the codes that it requires.
        hooked: The codes with hooks.
        ears: The codes that subscribe to events.
    """

    requires: Mapping[str, tuple[str, ...]]
    hooked: frozenset[str] = frozenset()
    ears: frozenset[str] = frozenset()

    def write(self, folder: Path, *, seed: int = 0, moods: Mapping[Mood, int] | None = None) -> Path:
        """Make the modules below ``folder``; the path of their journal."""
        journal = folder / "journal"
        (folder / "seen").mkdir(parents=True)
        for code, requires in self.requires.items():
            home = folder / "modules" / code
            home.mkdir(parents=True)
            (home / "__init__.py").write_text("")
            facts = {"journal": str(journal), "seed": seed, "moods": {str(k): v for k, v in (moods or {}).items()}}
            hooks = "".join(_HOOK.format(action=each, **facts) for each in ("enable", "disable"))
            text = _DEFINITION.format(
                code=code, name=code.upper(), requires=list(requires), hooks=hooks if code in self.hooked else ""
            )
            (home / "definition.py").write_text(text)
            if code in self.ears:
                (home / "events.py").write_text(_EVENTS.format(journal=str(journal)))
        return journal


def hook(action: str, journal: Path, *, seed: int, moods: Mapping[str, int]) -> Callable[[int], None]:
    """A hook that writes to ``journal`` when it begins and when it has done its work."""

    def act(platform_id: int) -> None:
        key = current_step().idempotency_key
        _write(journal, BEGAN, key, action, platform_id)
        if _is_first(journal.parent / "seen" / key):
            _live_out(_mood(f"{seed} {key}", moods))
        Event().wait(0.005)
        _write(journal, DONE, key, action, platform_id)

    return act


def subscriber(journal: Path, name: str) -> Callable[[ModuleEventData], None]:
    """A subscriber that writes to ``journal`` what it hears."""

    def hear(data: ModuleEventData) -> None:
        _write(journal, HEARD, f"{data.operation_id}-{data.module_code}-{data.event}", name, data.platform_id)

    hear.__module__, hear.__qualname__ = name, "hear"
    return hear


def read(journal: Path, what: str) -> set[str]:
    """The keys of all lines of that kind."""
    lines = [line.split() for line in journal.read_text().splitlines()] if journal.exists() else []
    return {key for kind, key, *_ in lines if kind == what}


def _mood(chance: str, moods: Mapping[str, int]) -> Mood:
    drawn = zlib.crc32(chance.encode()) % 1000
    for mood, share in moods.items():
        if drawn < share:
            return Mood(mood)
        drawn -= share
    return Mood.WELL


def _live_out(mood: Mood) -> None:
    if mood is Mood.DIES:
        os.kill(os.getpid(), signal.SIGKILL)
    if mood is Mood.HANGS:
        while True:
            signal.pause()
    if mood is Mood.REFUSES:
        raise AuthFailed("not with these credentials")
    if mood is Mood.WAITS:
        raise NotReady(retry_after=0.05)
    if mood is Mood.RAISES:
        raise ConnectionError("not today")


def _is_first(mark: Path) -> bool:
    try:
        mark.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _write(journal: Path, *words: object) -> None:
    """One write, so that processes do not mix theirs."""
    handle = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, (" ".join(map(str, (*words, os.getpid()))) + "\n").encode())
    finally:
        os.close(handle)
