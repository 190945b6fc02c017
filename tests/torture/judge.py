"""Compares what the console says happened with what its clients were told and what its hooks have written down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from console.domain.words import OPEN_STATES, Action, DeliveryState, ModuleState, OperationKind, StepState
from console.storage.tables import ModuleRow, OperationStep
from tests.torture.evidence import Ack
from tests.torture.record import Record
from tests.torture.replay import inversions

LOST, PHANTOM, TWICE = "lost", "phantom", "success recorded twice"
INVERTED, STUCK, UNORDERED = "order inversions", "stuck", "revisions out of order"
ZEROS = (LOST, PHANTOM, TWICE, INVERTED, STUCK, UNORDERED)
REACHED = {Action.ENABLE: ModuleState.ENABLED, Action.DISABLE: ModuleState.DISABLED}

Finding = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Outside:
    """What is known without asking the console.

    Args:
        asked: The notes of all requests that were sent.
        acks: What was acknowledged.
        done: The keys of the steps whose hook came to its end at least once.
        heard: What subscribers heard at least once, as ``operation-module-event``.
        requires: Module → what it requires.
        hooked: The modules whose hooks write to ``done``.
        ears: The modules that subscribe to their own events.
    """

    asked: Set[str]
    acks: tuple[Ack, ...]
    done: Set[str]
    heard: Set[str]
    requires: Mapping[str, tuple[str, ...]]
    hooked: Set[str] = frozenset()
    ears: Set[str] = frozenset()


def judge(record: Record, outside: Outside) -> Iterator[Finding]:
    """Everything that must not be, each as the zero that it breaks and a line that says where."""
    yield from _lost(record, outside)
    yield from _phantoms(record, outside)
    yield from _successes(record, outside)
    yield from _stuck(record)
    yield from _revisions(record)
    yield from ((INVERTED, text) for text in inversions(record, outside.requires))


def _lost(record: Record, outside: Outside) -> Iterator[Finding]:
    operations = {each.id: each for each in record.operations}
    for ack in outside.acks:
        found = operations.get(ack.operation_id)
        if found is None or (found.note, found.platform_id) != (ack.note, ack.platform_id):
            yield LOST, f"{ack} has no operation, or another's"
        elif found.revision != ack.revision:
            yield LOST, f"{ack} stands at revision {found.revision}"
        elif found.state in OPEN_STATES:
            yield LOST, f"{ack} has not ended"


def _phantoms(record: Record, outside: Outside) -> Iterator[Finding]:
    toggles = Counter(each.note for each in record.operations if each.kind is OperationKind.TOGGLE)
    for note, count in toggles.items():
        if note not in outside.asked:
            yield PHANTOM, f"nobody asked for {note!r}"
        elif count > 1:
            yield PHANTOM, f"{note!r} was asked for once and stands {count} times"
    steps = {(step.operation_id, step.module): step for step in record.steps}
    for row in record.rows:
        step = None if row.operation_id is None else steps.get((row.operation_id, row.module))
        if not _explains(step, row):
            yield PHANTOM, f"{_name(row)} is {row.state} (wanted {row.wanted}) without a step that put it there"
    for step in record.steps:
        ran = step.state is StepState.SUCCEEDED and step.hook and step.module in outside.hooked
        if ran and f"console-step-{step.id}" not in outside.done:
            yield PHANTOM, f"the hook of step {step.id} ({step.module}) has succeeded and never came to its end"


def _explains(step: OperationStep | None, row: ModuleRow) -> bool:
    if step is None:
        return not row.wanted and row.state is ModuleState.DISABLED and row.operation_id is None
    expected = {
        StepState.SUCCEEDED: REACHED.get(step.action, row.state),
        StepState.FAILED: ModuleState.FAILED,
        StepState.SKIPPED: step.before_state,
    }
    open_still = step.state in (StepState.PENDING, StepState.RUNNING)  # that is what stuck counts
    return row.wanted is (step.action is not Action.DISABLE) and (open_still or row.state is expected[step.state])


def _successes(record: Record, outside: Outside) -> Iterator[Finding]:
    """Each success has one entry of the audit: its own, or that of its request where it was done at once."""
    recorded = Counter((e.operation_id, e.target) for e in record.audit if e.action == "steps.succeeded")
    at_once = {
        (e.operation_id, e.target, (e.after or {}).get("state"))
        for e in record.audit
        if e.action.startswith("modules.")
    }
    for step in record.steps:
        count = recorded.pop((step.operation_id, step.module), 0)
        if count > 1:
            yield TWICE, f"{step.module} in operation {step.operation_id}, {count} times"
        reached = REACHED.get(step.action)
        led = reached is None or (step.operation_id, step.module, reached.value) in at_once
        if step.state is StepState.SUCCEEDED and not count and not led:
            yield PHANTOM, f"the success of {step.module} in operation {step.operation_id} has no entry"
        if count and step.state is not StepState.SUCCEEDED:
            yield PHANTOM, f"{step.module} in operation {step.operation_id} has an entry of success and is {step.state}"
    yield from ((PHANTOM, f"an entry of success for {key}, which no step has") for key in recorded)
    yield from _deliveries(record, outside)


def _deliveries(record: Record, outside: Outside) -> Iterator[Finding]:
    made = Counter((d.subscriber, d.operation_id, d.module, d.event.value) for d in record.deliveries)
    for (subscriber, *event), count in made.items():
        if count > 1:
            yield TWICE, f"{event} for {subscriber}, {count} deliveries"
    for each in record.deliveries:
        key = f"{each.operation_id}-{each.module}-{each.event.value}"
        if each.state is DeliveryState.SUCCEEDED and key not in outside.heard:
            yield PHANTOM, f"delivery {each.id} has succeeded and nobody heard {key}"
    own = {(d.operation_id, d.module, d.event.value) for d in record.deliveries if d.owner == d.module}
    for step in record.steps:
        reached = REACHED.get(step.action)
        heard = reached is None or (step.operation_id, step.module, reached.value) in own
        if step.module in outside.ears and step.state is StepState.SUCCEEDED and not heard:
            yield LOST, f"{step.module} has no delivery of its own {reached} in operation {step.operation_id}"


def _stuck(record: Record) -> Iterator[Finding]:
    for operation in record.operations:
        if operation.state in OPEN_STATES:
            yield STUCK, f"operation {operation.id} is {operation.state}"
    for step in record.steps:
        if step.lease_until is not None or step.state is StepState.RUNNING:
            yield STUCK, f"step {step.id} ({step.module}) is {step.state} under a lease until {step.lease_until}"
    for delivery in record.deliveries:
        ended_well = delivery.state in (DeliveryState.SUCCEEDED, DeliveryState.SKIPPED)
        if not ended_well or delivery.lease_until is not None:
            yield STUCK, f"delivery {delivery.id} is {delivery.state} after {delivery.attempts} tries"
    for row in record.rows:
        if row.state in (ModuleState.ENABLING, ModuleState.DISABLING):
            yield STUCK, f"{_name(row)} is {row.state}"


def _revisions(record: Record) -> Iterator[Finding]:
    """Operations of a platform stand at rising revisions, none above the platform's own."""
    last: dict[int, int] = {}
    for operation in record.operations:
        if operation.revision <= last.get(operation.platform_id, -1):
            yield UNORDERED, f"operation {operation.id} stands at revision {operation.revision} again"
        last[operation.platform_id] = operation.revision
    for platform in record.platforms:
        if last.get(platform.id, 0) > platform.revision:
            yield UNORDERED, f"platform {platform.id} is at revision {platform.revision}, before its last operation"


def _name(row: ModuleRow) -> str:
    return f"{row.module} of platform {row.platform_id}"
