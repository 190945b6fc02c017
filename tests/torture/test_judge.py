"""The judge finds nothing in a history that is right, and each kind of wrong in one that is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from console.domain.words import (
    Action,
    DeliveryState,
    ModuleEvent,
    ModuleState,
    OperationKind,
    OperationState,
    StepState,
)
from console.storage.tables import AuditEntry, Delivery, ModuleRow, Operation, OperationStep, Platform
from tests.torture.evidence import Ack
from tests.torture.judge import INVERTED, LOST, PHANTOM, STUCK, TWICE, UNORDERED, Outside, judge
from tests.torture.record import Record

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CASCADE = ("payments", "orders")
OUTSIDE = Outside(
    asked={"c0-1"},
    acks=(Ack("c0-1", 1, 1, 6),),
    done={"console-step-1", "console-step-2"},
    heard={"1-orders-enabled"},
    requires={"payments": (), "orders": ("payments",)},
    hooked=frozenset(CASCADE),
    ears=frozenset({"orders"}),
)


def entry(number: int, action: str, target: str, state: str) -> AuditEntry:
    after = {"wanted": True, "state": state}
    return AuditEntry(id=number, platform_id=1, action=action, target=target, operation_id=1, after=after)


def step(number: int, module: str) -> OperationStep:
    return OperationStep(
        id=number,
        operation_id=1,
        position=number,
        module=module,
        action=Action.ENABLE,
        hook=True,
        state=StepState.SUCCEEDED,
        lease_until=None,
        before_state=ModuleState.DISABLED,
    )


def right() -> Record:
    """One cascade of two, as it should be."""
    toggle, done = OperationKind.TOGGLE, OperationState.SUCCEEDED
    return Record(
        operations=[Operation(id=1, platform_id=1, kind=toggle, state=done, revision=6, note="c0-1")],
        steps=[step(number, code) for number, code in enumerate(CASCADE, 1)],
        audit=[
            *(entry(number, "modules.enable", code, "enabling") for number, code in enumerate(CASCADE, 1)),
            *(entry(number, "steps.succeeded", code, "enabled") for number, code in enumerate(CASCADE, 3)),
        ],
        rows=[
            ModuleRow(platform_id=1, module=code, wanted=True, state=ModuleState.ENABLED, operation_id=1)
            for code in CASCADE
        ],
        deliveries=[
            Delivery(
                id=1,
                event=ModuleEvent.ENABLED,
                module="orders",
                owner="orders",
                platform_id=1,
                subscriber="orders.events.hear",
                operation_id=1,
                state=DeliveryState.SUCCEEDED,
                attempts=1,
                lease_until=None,
            )
        ],
        platforms=[Platform(id=1, revision=8)],
    )


def found(record: Record, outside: Outside = OUTSIDE) -> set[str]:
    return {zero for zero, _ in judge(record, outside)}


def test_a_history_that_is_right_passes() -> None:
    assert found(right()) == set()


def _nobody_is_woken(record: Record) -> Record:
    """What an outbox that is off leaves: an operation that waits for ever."""
    record.operations[0].state = OperationState.QUEUED
    return record


def _a_runner_records_success_twice(record: Record) -> Record:
    return replace(record, audit=[*record.audit, entry(5, "steps.succeeded", "orders", "enabled")])


def _a_gate_opens_early(record: Record) -> Record:
    first, second, payments, orders = record.audit
    return replace(record, audit=[first, second, orders, payments])


def _the_operation_is_gone(record: Record) -> Record:
    return replace(record, operations=[], steps=[], audit=[], rows=[], deliveries=[])


def _a_module_is_on_by_itself(record: Record) -> Record:
    lonely = ModuleRow(platform_id=1, module="cms", wanted=True, state=ModuleState.ENABLED, operation_id=None)
    return replace(record, rows=[*record.rows, lonely])


def _a_lease_is_held(record: Record) -> Record:
    record.steps[1].lease_until = NOW
    return record


def _an_event_waits(record: Record) -> Record:
    record.deliveries[0].state = DeliveryState.PENDING
    return record


def _an_event_was_never_stored(record: Record) -> Record:
    return replace(record, deliveries=[])


def _an_event_is_stored_twice(record: Record) -> Record:
    return replace(record, deliveries=[record.deliveries[0]] * 2)


def _the_platform_is_behind(record: Record) -> Record:
    record.platforms[0].revision = 5
    return record


@pytest.mark.parametrize(
    ("change", "zeros"),
    [
        (_nobody_is_woken, {LOST, STUCK}),
        (_a_runner_records_success_twice, {TWICE}),
        (_a_gate_opens_early, {INVERTED}),
        (_the_operation_is_gone, {LOST}),
        (_a_module_is_on_by_itself, {PHANTOM}),
        (_a_lease_is_held, {STUCK}),
        (_an_event_waits, {STUCK}),
        (_an_event_was_never_stored, {LOST}),
        (_an_event_is_stored_twice, {TWICE}),
        (_the_platform_is_behind, {UNORDERED}),
    ],
)
def test_each_kind_of_wrong_is_found(change: Callable[[Record], Record], zeros: set[str]) -> None:
    assert found(change(right())) == zeros


@pytest.mark.parametrize(
    "outside",
    [
        replace(OUTSIDE, asked=set()),
        replace(OUTSIDE, done={"console-step-1"}),
        replace(OUTSIDE, heard=set()),
    ],
    ids=["nobody asked", "the hook never ended", "nobody heard"],
)
def test_what_the_outside_does_not_know_is_a_phantom(outside: Outside) -> None:
    assert found(right(), outside) == {PHANTOM}
