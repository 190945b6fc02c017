"""Has credentials that are refused."""

from __future__ import annotations

from console.sdk import AuthFailed, ModuleDefinition, current_step
from tests.support.calls import note


def on_enable(platform_id: int) -> None:
    step = current_step()
    note("unauthorised.on_enable", platform_id, attempt=step.attempt, key=step.idempotency_key)
    raise AuthFailed("the gateway said no")


module = ModuleDefinition(code="unauthorised", name="Unauthorised", on_enable=on_enable)
