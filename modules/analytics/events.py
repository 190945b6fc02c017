"""Analytics listens to what happens to modules while it is on itself."""

from __future__ import annotations

from console.sdk import ModuleEvent, ModuleEventData, module_event_bus, unit_of_work
from modules.analytics.services.recording import keep


@module_event_bus.subscribe(ModuleEvent.ENABLED)
@module_event_bus.subscribe(ModuleEvent.DISABLED)
@module_event_bus.subscribe(ModuleEvent.CONFIG_CHANGED)
def record(data: ModuleEventData) -> None:
    """The event stands in the reports from now on, once."""
    with unit_of_work() as uow:
        keep(uow.session, data)
