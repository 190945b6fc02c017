"""Is never ready."""

from __future__ import annotations

from console.sdk import ModuleDefinition, NotReady, current_step
from tests.support.calls import note


def on_enable(platform_id: int) -> None:
    step = current_step()
    note("neverready.on_enable", platform_id, attempt=step.attempt, key=step.idempotency_key)
    raise NotReady(0.1, "still closed")


module = ModuleDefinition(code="neverready", name="Neverready", on_enable=on_enable)
