"""Listens, and works in the background."""

from __future__ import annotations

from console.sdk import ModuleDefinition
from tests.support.calls import note


def on_disable(platform_id: int) -> None:
    from .tasks import remember

    note("listener.on_disable", platform_id)
    remember.enqueue(platform_id, name="clean-up")


module = ModuleDefinition(code="listener", name="Listener", on_disable=on_disable)
