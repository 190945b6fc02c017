"""Raises in every try."""

from __future__ import annotations

from console.sdk import ModuleDefinition, current_step
from tests.support.calls import note


def on_enable(platform_id: int) -> None:
    step = current_step()
    note("raising.on_enable", platform_id, attempt=step.attempt, key=step.idempotency_key)
    raise RuntimeError("no luck today")


module = ModuleDefinition(code="raising", name="Raising", on_enable=on_enable)
