"""Runs every module's ``on_startup`` once in this process, before its first request or step."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from console.domain.said import reason_of
from console.jobs.board import Slot, Work, WorkKind
from console.jobs.state import runtime_of
from console.storage.tenancy import system_scope

if TYPE_CHECKING:
    from flask import Flask

log = logging.getLogger("console.jobs")
_LOOK_S = 0.5
_BEYOND_S = 5.0
"""The parent's deadline is that much longer: it is for code that keeps the interpreter to itself."""


def run_startups(app: Flask, slot: Slot | None = None, *, alive: Callable[[], object] = bool) -> None:
    """Let each live module start up; one that raises or hangs gets a badge and the process goes on.

    Args:
        slot: The worker's place on the deadline board.
        alive: Called now and then while a module takes its time, for a server that watches its processes.
    """
    rt = runtime_of(app)
    for definition in rt.registry.live():
        if definition.on_startup is None or definition.code in rt.startup_failures:
            continue
        timeout_s = definition.hook_timeout_s or rt.settings.hook_timeout_s
        if slot is not None:
            slot.occupy(Work(WorkKind.STARTUP, name=definition.code), timeout_s + _BEYOND_S)
        reason = _run(app, definition.on_startup, timeout_s, alive=alive)
        if reason is not None:
            log.warning("on_startup of %s: %s", definition.code, reason)
            rt.startup_failures[definition.code] = reason
        if slot is not None:
            slot.clear()


def note_death(app: Flask, slot: Slot) -> None:
    """Badge the module in whose ``on_startup`` a process ended, in the parent: its later children leave it out."""
    left = slot.left()
    if left is not None and left.work.kind is WorkKind.STARTUP:
        slot.clear()
        ending = "did not end in time and was stopped" if left.timed_out else "ended its process"
        runtime_of(app).startup_failures[left.work.name] = f"on_startup {ending}"


def _run(app: Flask, hook: Callable[[], None], timeout_s: float, *, alive: Callable[[], object]) -> str | None:
    """What went wrong, None when nothing did; a hook that hangs is left behind in its thread."""
    failures: list[str] = []

    def body() -> None:
        try:
            with app.app_context(), system_scope():
                hook()
        except BaseException as error:  # whatever a module raises is its failure
            failures.append(reason_of(error))

    thread = threading.Thread(target=body, name="on_startup", daemon=True)
    thread.start()
    until = time.monotonic() + timeout_s
    while thread.is_alive() and time.monotonic() < until:
        alive()
        thread.join(min(_LOOK_S, max(0.0, until - time.monotonic())))
    if thread.is_alive():
        return f"on_startup did not end within {timeout_s:g} s"
    return failures[0] if failures else None
