"""Is ready when it was asked four times."""

from __future__ import annotations

from console.sdk import ModuleDefinition, NotReady, current_step
from tests.support.calls import calls, note


def on_enable(platform_id: int) -> None:
    step = current_step()
    note("unready.on_enable", platform_id, attempt=step.attempt, key=step.idempotency_key)
    if len(calls("unready.on_enable")) < 4:
        raise NotReady(0.1, "the warehouse is closed")


module = ModuleDefinition(code="unready", name="Unready", on_enable=on_enable)
