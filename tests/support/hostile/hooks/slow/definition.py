"""Takes its time and says how far it is."""

from __future__ import annotations

import time

from console.sdk import ModuleDefinition, current_step
from tests.support.calls import note


def on_enable(platform_id: int) -> None:
    step = current_step()
    note("slow.on_enable", platform_id, attempt=step.attempt, key=step.idempotency_key)
    step.progress(1, 2, "half way")
    time.sleep(0.8)
    step.progress(2, 2, "all done")


def on_disable(platform_id: int) -> None:
    note("slow.on_disable", platform_id)


module = ModuleDefinition(code="slow", name="Slow", on_enable=on_enable, on_disable=on_disable)
