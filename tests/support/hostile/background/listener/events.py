"""What it hears."""

from __future__ import annotations

from console.sdk import ModuleEvent, ModuleEventData, module_event_bus
from tests.support.calls import calls, note

from .tasks import remember


@module_event_bus.subscribe(ModuleEvent.ENABLED)
def hear_enabled(data: ModuleEventData) -> None:
    note(f"heard.enabled.{data.module_code}", data.platform_id)


@module_event_bus.subscribe(ModuleEvent.ENABLED)
def hear_with_trouble(data: ModuleEventData) -> None:
    note(f"trouble.{data.module_code}", data.platform_id)
    if len(calls(f"trouble.{data.module_code}")) < 2:
        raise RuntimeError("what?")


@module_event_bus.subscribe(ModuleEvent.DISABLED)
def hear_disabled(data: ModuleEventData) -> None:
    note(f"heard.disabled.{data.module_code}", data.platform_id)
    if data.module_code == "listener":
        remember.enqueue(data.platform_id, name="farewell")
