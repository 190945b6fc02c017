"""Five modules in a chain, each requiring the one before; what their hooks do on a platform stands in a file."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from console.sdk import ModuleDefinition, current_step
from tests.support.calls import VARIABLE, note

LINKS = tuple(f"link{number}" for number in range(1, 6))


class Ill(StrEnum):
    """What a hook does instead of its work."""

    RAISES = "raises"
    HANGS = "hangs"
    DIES = "dies"


def link(number: int) -> ModuleDefinition:
    """The definition of the ``number``-th module of the chain."""
    code = LINKS[number - 1]
    return ModuleDefinition(
        code=code,
        name=f"Link {number}",
        requires=list(LINKS[number - 2 : number - 1]) if number > 1 else [],
        on_enable=_hook(code, "on_enable"),
        on_disable=_hook(code, "on_disable"),
    )


def fall_ill(platform_id: int, code: str, hook: str, ill: Ill) -> None:
    """From now on that hook of that module does this on the platform."""
    _file(platform_id).write_text(f"{code} {hook} {ill}")


def get_well(platform_id: int) -> None:
    """Every hook does its work on the platform."""
    _file(platform_id).unlink()


def _file(platform_id: int) -> Path:
    return Path(os.environ[VARIABLE]).with_name(f"ill-{platform_id}")


def _hook(code: str, hook: str) -> Callable[[int], None]:
    def run(platform_id: int) -> None:
        step = current_step()
        note(f"{code}.{hook}", platform_id, attempt=step.attempt, key=step.idempotency_key)
        file = _file(platform_id)
        found = file.read_text().split() if file.exists() else []
        if found[:2] == [code, hook]:
            _suffer(Ill(found[2]))

    return run


def _suffer(ill: Ill) -> None:
    if ill is Ill.RAISES:
        raise RuntimeError("out of order")
    if ill is Ill.DIES:
        os.kill(os.getpid(), signal.SIGKILL)
    while True:
        signal.pause()
