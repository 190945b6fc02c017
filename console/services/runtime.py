"""What an application carries from start to end; services get it as an argument, never from a global."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol, cast

from flask import current_app
from sqlalchemy.orm import Session

from console.domain.config import LockedConfig
from console.domain.events import EventBus
from console.domain.plan_types import Notice
from console.domain.registry import Registry
from console.settings import Settings

if TYPE_CHECKING:
    from console.services.secrets import SecretBox
    from console.services.snapshots import SnapshotCache


@dataclass(frozen=True, slots=True)
class Message:
    """A wake-up for the runners; the tables hold the truth, so a lost or doubled one changes nothing.

    Args:
        kind: What to look at.
        id: Id of the platform, delivery or task run.
        name: Module code for ``health``, worker for ``sweep``.
    """

    kind: Literal["platform", "delivery", "task", "health", "sweep", "audit"]
    id: int = 0
    name: str = ""


class Messenger(Protocol):
    """Sends wake-ups that leave only if the caller's transaction commits."""

    def send(self, session: Session, message: Message, *, delay_s: float = 0.0) -> None:
        """Store ``message`` in the transaction of ``session``, due in ``delay_s`` seconds."""


@dataclass(slots=True)
class Runtime:
    """Settings, registry and helpers of one application.

    Args:
        unavailable: Code → why an installed module cannot be live now (its migrations wait, say).
        startup_failures: Code → what its ``on_startup`` did wrong in this process; a badge, nothing stops.
        endpoints: Every endpoint that is mounted, filled when the application is complete.
        clock: The only clock; callers pass its value on as ``now``.
    """

    settings: Settings
    registry: Registry
    bus: EventBus
    secrets: SecretBox
    locked: LockedConfig
    snapshots: SnapshotCache
    messenger: Messenger
    clock: Callable[[], datetime]
    unavailable: dict[str, Notice] = field(default_factory=dict)
    startup_failures: dict[str, str] = field(default_factory=dict)
    endpoints: Container[str] = ()


def active_runtime() -> Runtime:
    """The runtime of the active application; for the end of a unit of work, which nobody calls with arguments."""
    return cast("Runtime", current_app.extensions["console"])
