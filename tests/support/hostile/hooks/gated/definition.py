"""Waits at a gate, in the middle of its work, until somebody opens it."""

from __future__ import annotations

import time

from console.sdk import ModuleDefinition, current_step
from tests.support.calls import gate, note


def on_enable(platform_id: int) -> None:
    step = current_step()
    note("gated.on_enable", platform_id, attempt=step.attempt, key=step.idempotency_key)
    while not gate().exists():
        time.sleep(0.02)
    note("gated.passed", platform_id, attempt=step.attempt, key=step.idempotency_key)


module = ModuleDefinition(code="gated", name="Gated", on_enable=on_enable)
