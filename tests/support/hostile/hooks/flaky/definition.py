"""Works in its third try."""

from __future__ import annotations

from console.sdk import ModuleDefinition, current_step
from tests.support.calls import note


def on_enable(platform_id: int) -> None:
    step = current_step()
    note("flaky.on_enable", platform_id, attempt=step.attempt, key=step.idempotency_key)
    if step.attempt < 3:
        raise ConnectionError(f"attempt {step.attempt} failed")


module = ModuleDefinition(code="flaky", name="Flaky", on_enable=on_enable)
