"""Raises what only the interpreter should raise."""

from __future__ import annotations

import sys

from console.sdk import ModuleDefinition, current_step
from tests.support.calls import note


def on_enable(platform_id: int) -> None:
    step = current_step()
    note("leaving.on_enable", platform_id, attempt=step.attempt, key=step.idempotency_key)
    sys.exit("I am off")


module = ModuleDefinition(code="leaving", name="Leaving", on_enable=on_enable)
