"""The event bus: subscriptions at import, owners, names."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest

from console.domain.events import EventBus, ModuleEventData, module_event_bus
from console.domain.words import ModuleEvent
from console.errors import DefinitionError

HERE = __name__


def heard(data: ModuleEventData) -> str:
    return data.module_code


def test_subscribing_gives_the_function_back_unchanged() -> None:
    bus = EventBus()
    assert bus.subscribe(ModuleEvent.ENABLED)(heard) is heard
    (subscriber,) = bus.subscribers(ModuleEvent.ENABLED)
    assert (subscriber.name, subscriber.function, subscriber.owner) == (f"{HERE}.heard", heard, None)
    assert bus.subscribers(ModuleEvent.DISABLED) == ()


def test_the_owner_may_be_told_after_the_subscription() -> None:
    bus = EventBus()
    bus.subscribe(ModuleEvent.ENABLED)(heard)
    bus.assign_owner(HERE, "orders")
    assert bus.subscribers(ModuleEvent.ENABLED)[0].owner == "orders"


def test_the_longest_package_owns_and_a_common_beginning_does_not() -> None:
    bus = EventBus()
    bus.assign_owner("modules.cms", "cms")
    bus.assign_owner("modules.cms.plugin", "plugin")
    assert bus.owner_of("modules.cms.tasks") == "cms"
    assert bus.owner_of("modules.cms.plugin.tasks") == "plugin"
    assert bus.owner_of("modules.cms_extra") is None


def test_the_same_function_imported_again_is_one_subscriber() -> None:
    bus = EventBus()
    bus.subscribe(ModuleEvent.ENABLED)(heard)
    bus.subscribe(ModuleEvent.ENABLED)(heard)
    assert len(bus.subscribers(ModuleEvent.ENABLED)) == 1


def test_two_subscribers_of_one_name_are_refused() -> None:
    bus = EventBus()
    bus.subscribe(ModuleEvent.ENABLED)(lambda data: None)
    with pytest.raises(DefinitionError, match="give each its own name"):
        bus.subscribe(ModuleEvent.ENABLED)(lambda data: 1)


def test_event_data_is_frozen() -> None:
    data = ModuleEventData(ModuleEvent.ENABLED, "orders", 1, datetime(2026, 1, 27, tzinfo=UTC))
    assert (data.operation_id, data.actor, data.data) == (None, "system", {})
    with pytest.raises(dataclasses.FrozenInstanceError):
        data.platform_id = 2  # type: ignore[misc]  # frozen on purpose


def test_one_bus_serves_the_process() -> None:
    assert isinstance(module_event_bus, EventBus)
