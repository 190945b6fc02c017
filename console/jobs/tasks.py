"""Background tasks of modules: declared at import, run per platform, in a runner, on the platforms where they are on.

A task belongs to the module whose package defines it. Its runs are rows, stored in the transaction of whoever asks.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import overload

from flask import current_app

from console.domain.events import EventBus
from console.errors import DefinitionError
from console.jobs.state import runtime_of
from console.services import tasks as runs
from console.storage.uow import unit_of_work

Function = Callable[..., None]
SHORTEST_S = 1

_DECLARED: dict[str, ModuleTask] = {}
_AFTER_OFF: ContextVar[bool] = ContextVar("console_after_off", default=False)


@dataclass(frozen=True, slots=True)
class ModuleTask:
    """A function of a module that runs in the background; called directly it just runs.

    Args:
        function: Takes ``platform_id`` and further JSON values by name.
        every_s: Seconds between runs; None for a task that only runs when it is enqueued.
    """

    function: Function
    every_s: int | None = None

    @property
    def name(self) -> str:
        """The dotted name that runs carry."""
        return f"{self.function.__module__}.{self.function.__qualname__}"

    def __call__(self, platform_id: int, **arguments: object) -> None:
        """Run the function here and now."""
        self.function(platform_id, **arguments)

    def enqueue(self, platform_id: int, *, delay_s: float = 0.0, **arguments: object) -> int:
        """Have a runner call it, if the caller's transaction commits; the id of the run.

        Args:
            platform_id: For which platform; the run is skipped when the module is off there by then, unless
                ``on_disable`` or a subscriber of DISABLED asks.
            delay_s: Not before so many seconds.
            arguments: JSON values, passed by name.
        """
        rt = runtime_of(current_app)
        owner = rt.bus.owner_of(self.function.__module__)
        with unit_of_work() as uow:
            run_id = runs.enqueue(
                uow,
                rt,
                self.name,
                owner,
                platform_id,
                arguments,
                now=rt.clock(),
                delay_s=delay_s,
                after_off=_AFTER_OFF.get(),
            )
        assert run_id is not None  # only a slot can be taken
        return run_id

    def slot(self, now: datetime) -> str:
        """The slot of ``now``, of which each platform gets one run."""
        return str(int(now.timestamp()) // (self.every_s or SHORTEST_S))


@overload
def task(function: Function) -> ModuleTask: ...


@overload
def task(function: None = None) -> Callable[[Function], ModuleTask]: ...


def task(function: Function | None = None) -> ModuleTask | Callable[[Function], ModuleTask]:
    """Declares a background task, with or without parentheses: ``recount.enqueue(platform_id)`` has it run.

    Raises:
        DefinitionError: Another task of the package has that name.
    """
    return _declare if function is None else _declare(function)


def periodic_task(*, every_s: int) -> Callable[[Function], ModuleTask]:
    """Declares a task that runs every ``every_s`` seconds for every platform on which the module is on.

    Raises:
        DefinitionError: ``every_s`` is not a whole number of seconds, or the name is taken.
    """

    def declare(function: Function) -> ModuleTask:
        if every_s < SHORTEST_S or every_s != int(every_s):
            raise DefinitionError(function.__module__, [f"every_s is {every_s!r}; write whole seconds, 1 or more"])
        return _declare(function, every_s=every_s)

    return declare


def _declare(function: Function, *, every_s: int | None = None) -> ModuleTask:
    declared = ModuleTask(function, every_s)
    old = _DECLARED.get(declared.name)
    if old is not None and old.function.__code__.co_firstlineno != function.__code__.co_firstlineno:
        raise DefinitionError(function.__module__, [f"two tasks are called {declared.name}; give each its own name"])
    _DECLARED[declared.name] = declared
    return declared


def declared(name: str) -> ModuleTask | None:
    """The task of that dotted name, None when no module declares it."""
    return _DECLARED.get(name)


def periodic() -> tuple[ModuleTask, ...]:
    """Every task that runs by the clock."""
    return tuple(each for each in _DECLARED.values() if each.every_s is not None)


def of_module(bus: EventBus, code: str) -> tuple[ModuleTask, ...]:
    """The tasks of one module by name; ``bus`` knows which package is whose."""
    mine = (each for each in _DECLARED.values() if bus.owner_of(each.function.__module__) == code)
    return tuple(sorted(mine, key=lambda each: each.name))


@contextmanager
def after_off(active: bool) -> Generator[None]:  # reads as a condition where it is used
    """Tasks that are enqueued inside the block run although their module is off by then, when ``active``."""
    token = _AFTER_OFF.set(active)
    try:
        yield
    finally:
        _AFTER_OFF.reset(token)
