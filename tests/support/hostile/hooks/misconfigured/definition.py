"""Finds its configuration wrong."""

from __future__ import annotations

from console.sdk import ConfigInvalid, ModuleDefinition, current_step
from tests.support.calls import note


def on_enable(platform_id: int) -> None:
    step = current_step()
    note("misconfigured.on_enable", platform_id, attempt=step.attempt, key=step.idempotency_key)
    raise ConfigInvalid("api_key", "it is empty")


module = ModuleDefinition(code="misconfigured", name="Misconfigured", on_enable=on_enable)
