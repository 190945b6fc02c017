"""Work that gave up: a delivery and a run of a task, as their last failed try leaves them."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from console.domain.actor import SYSTEM
from console.domain.words import DeliveryState, ModuleEvent
from console.storage.tables import Delivery, TaskRun
from console.storage.uow import unit_of_work


def rest(app: Flask, platform_id: int) -> tuple[int, int]:
    """The ids of the two, on that platform."""
    now = app.extensions["console"].clock()
    common = {"platform_id": platform_id, "state": DeliveryState.FAILED, "attempts": 5, "fence": 5}
    with app.app_context(), unit_of_work() as uow:
        delivery = Delivery(
            event=ModuleEvent.ENABLED,
            module="orders",
            subscriber="shop.hear_orders",
            actor=SYSTEM.name,
            data={},
            occurred_at=now - timedelta(minutes=5),
            finished_at=now,
            error="ConnectionError: <no route>",
            **common,
        )
        run = TaskRun(
            task="modules.orders.tasks.recount",
            module="orders",
            arguments={},
            created_at=now,
            finished_at=now,
            error="RuntimeError: too hard",
            **common,
        )
        uow.session.add_all([delivery, run])
        uow.session.flush()
        return delivery.id, run.id
