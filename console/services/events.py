"""Events: who may hear one is decided when it happens, and each subscriber gets a durable delivery of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from console.domain.actor import Actor
from console.domain.events import Subscriber
from console.domain.snapshot import open_codes
from console.domain.words import DeliveryState, ModuleEvent
from console.services.locked import statuses
from console.services.runtime import Message, Runtime
from console.storage.tables import Delivery, ModuleRow
from console.storage.uow import UnitOfWork

_OWN_ALWAYS = (ModuleEvent.ENABLED, ModuleEvent.DISABLED)


def publish(
    uow: UnitOfWork,
    rt: Runtime,
    event: ModuleEvent,
    module: str,
    platform_id: int,
    *,
    operation_id: int | None,
    actor: Actor,
    data: Mapping[str, object],
    now: datetime,
    open_codes: frozenset[str] | None = None,
) -> int:
    """Store a delivery for every subscriber that may hear the event, in the transaction of its cause.

    Args:
        module: Code of the module that the event is about.
        open_codes: The modules that are open at this moment, read when omitted.

    Returns:
        The number of deliveries.
    """
    subscribers = rt.bus.subscribers(event)
    if not subscribers:
        return 0
    if open_codes is None:
        open_codes = _open_now(uow, rt, platform_id)
    made = [
        Delivery(
            event=event,
            module=module,
            platform_id=platform_id,
            subscriber=subscriber.name,
            owner=subscriber.owner,
            operation_id=operation_id,
            actor=actor.name,
            data=dict(data),
            occurred_at=now,
            state=DeliveryState.PENDING,
            attempts=0,
            fence=0,
        )
        for subscriber in subscribers
        if may_hear(subscriber, event, module=module, open_codes=open_codes)
    ]
    uow.session.add_all(made)
    uow.session.flush()
    for delivery in made:
        rt.messenger.send(uow.session, Message("delivery", delivery.id))
    return len(made)


def may_hear(subscriber: Subscriber, event: ModuleEvent, *, module: str, open_codes: frozenset[str]) -> bool:
    """Whether the event is for this subscriber.

    Its own module's ENABLED and DISABLED always, other events while its module is on, outside any module everything.
    Source: FIDELITY, "Events".
    """
    if subscriber.owner is None or subscriber.owner in open_codes:
        return True
    return subscriber.owner == module and event in _OWN_ALWAYS


def _open_now(uow: UnitOfWork, rt: Runtime, platform_id: int) -> frozenset[str]:
    found = select(ModuleRow).where(ModuleRow.platform_id == platform_id).execution_options(populate_existing=True)
    return open_codes(rt.registry, statuses(uow.session.scalars(found).all()), rt.unavailable)
