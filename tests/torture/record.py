"""Everything that a database says about what happened, as it stands after the storm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import func, select

from console.domain.words import OPEN_STATES, DeliveryState
from console.storage.tables import AuditEntry, Delivery, ModuleRow, Operation, OperationStep, Platform
from console.storage.uow import read_session

UNFINISHED = (DeliveryState.PENDING, DeliveryState.RUNNING)


@dataclass(frozen=True, slots=True)
class Record:
    """The journal and what came of it, each in the order of its ids."""

    operations: Sequence[Operation]
    steps: Sequence[OperationStep]
    audit: Sequence[AuditEntry]
    rows: Sequence[ModuleRow]
    deliveries: Sequence[Delivery]
    platforms: Sequence[Platform]


def record_of(app: Flask) -> Record:
    """What the database of the application holds now."""
    with app.app_context():
        session = read_session()
        return Record(
            session.scalars(select(Operation).order_by(Operation.id)).all(),
            session.scalars(select(OperationStep).order_by(OperationStep.operation_id, OperationStep.position)).all(),
            session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all(),
            session.scalars(select(ModuleRow)).all(),
            session.scalars(select(Delivery).order_by(Delivery.id)).all(),
            session.scalars(select(Platform)).all(),
        )


def open_things(app: Flask) -> int:
    """How many operations and deliveries have not ended."""
    operations = select(func.count()).select_from(Operation).where(Operation.state.in_(OPEN_STATES))
    deliveries = select(func.count()).select_from(Delivery).where(Delivery.state.in_(UNFINISHED))
    with app.app_context():
        session = read_session()
        return (session.scalar(operations) or 0) + (session.scalar(deliveries) or 0)
