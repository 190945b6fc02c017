"""Who hears what: subscriptions are made at import, before an application exists.

Delivery is elsewhere and durable: each subscriber's delivery is a row, made in the transaction of what happened.
Source: the guide, "Module Events".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from console.domain.words import ModuleEvent
from console.errors import DefinitionError

Listener = TypeVar("Listener", bound=Callable[["ModuleEventData"], object])


@dataclass(frozen=True, slots=True)
class ModuleEventData:
    """What a subscriber is told; it may be told twice (at least once is promised).

    Args:
        event: What happened.
        module_code: To which module.
        platform_id: On which platform.
        occurred_at: When, aware UTC.
        operation_id: The operation that it belongs to, if one does.
        actor: Name of who asked for it.
        data: Further facts: the changed keys of CONFIG_CHANGED, say.
    """

    event: ModuleEvent
    module_code: str
    platform_id: int
    occurred_at: datetime
    operation_id: int | None = None
    actor: str = "system"
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Subscriber:
    """One function that listens; ``owner`` is the module that defined it, None when no module did."""

    name: str
    function: Callable[[ModuleEventData], object]
    owner: str | None


class EventBus:
    """The subscriptions of a process, in the order in which they were made."""

    def __init__(self) -> None:
        self._listeners: dict[ModuleEvent, dict[str, Callable[[ModuleEventData], object]]] = {}
        self._owners: dict[str, str] = {}

    def subscribe(self, event: ModuleEvent) -> Callable[[Listener], Listener]:
        """Decorates a function with one argument, which it gives back unchanged.

        Raises:
            DefinitionError: Another function of that name listens already; deliveries are kept by name.
        """

        def add(function: Listener) -> Listener:
            listeners = self._listeners.setdefault(ModuleEvent(event), {})
            name = f"{function.__module__}.{function.__qualname__}"
            if name in listeners and _line(listeners[name]) != _line(function):
                raise DefinitionError(
                    function.__module__, [f"two subscribers of {event} are called {name}; give each its own name"]
                )
            listeners[name] = function
            return function

        return add

    def assign_owner(self, prefix: str, code: str) -> None:
        """From here on functions of the package ``prefix`` belong to the module ``code``."""
        self._owners[prefix] = code

    def owner_of(self, python_name: str) -> str | None:
        """The module to which a package or Python file belongs."""
        package = python_name
        while package:
            if package in self._owners:
                return self._owners[package]
            package = package.rpartition(".")[0]
        return None

    def subscribers(self, event: ModuleEvent) -> tuple[Subscriber, ...]:
        """Everybody who listens to ``event``."""
        found = self._listeners.get(event, {})
        return tuple(Subscriber(name, function, self.owner_of(function.__module__)) for name, function in found.items())


def _line(function: Callable[..., object]) -> int:
    """Where the function begins: the same function imported again is not a second one."""
    code = getattr(function, "__code__", None)
    return getattr(code, "co_firstlineno", 0)


module_event_bus = EventBus()
