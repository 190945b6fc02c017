"""Ends its process."""

from __future__ import annotations

import os

from console.sdk import ModuleDefinition, current_step
from tests.support.calls import note


def on_enable(platform_id: int) -> None:
    step = current_step()
    note("quitting.on_enable", platform_id, attempt=step.attempt, key=step.idempotency_key)
    os._exit(0)


module = ModuleDefinition(code="quitting", name="Quitting", on_enable=on_enable)
