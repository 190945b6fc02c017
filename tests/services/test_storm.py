"""Whatever people ask and hooks do, in whatever order: what must always hold, holds after every single action."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from console.domain.plan_types import ChangeRequest
from console.domain.words import OPEN_STATES, ModuleState, OperationState, StepState
from console.errors import AuthFailed, Conflict, NotReady, RuleRefused
from console.services import operations, recovery, snapshots
from console.services.journal import ClaimedStep, WaitUntil
from console.storage.tables import Delivery, ModuleRow, Operation, OperationStep
from tests.services.bench import ANNA, Bench, module
from tests.services.conftest import MakeBench

ACTIONS = 80
MOVING = (ModuleState.ENABLING, ModuleState.DISABLING)


def graph() -> tuple[object, ...]:
    """A core module, a diamond, a chain, and modules with and without hooks."""
    return (
        module("core", is_core=True, hooks=True),
        module("a", "core", hooks=True),
        module("b", "a"),
        module("c", "a", hooks=True),
        module("d", "b", "c", hooks=True),
        module("e", hooks=True),
        module("f", "e", conflicts=["b"]),
    )


class Storm:
    """Random people and a random runner on one platform."""

    def __init__(self, bench: Bench, seed: int) -> None:
        self.bench = bench
        self.dice = random.Random(seed)
        self.platform_id = bench.platform()
        self.claimed: ClaimedStep | None = None
        self.stale: list[ClaimedStep] = []
        self.log: list[str] = []

    def act(self) -> None:
        action: Callable[[], object] = self.dice.choices(
            [self.request, self.take, self.end, self.recover, self.wait, self.come_late], [6, 10, 10, 4, 3, 1]
        )[0]
        try:
            outcome = action()
        except (RuleRefused, Conflict) as refused:
            outcome = refused.code
        self.log.append(f"{action.__name__}: {outcome}")

    def request(self) -> object:
        codes = self.dice.sample("abcdef", self.dice.choice([1, 1, 1, 2]))
        want = {code: self.dice.random() < 0.5 for code in codes}
        with self.bench.unit() as uow:
            asked = ChangeRequest(want, prune=self.dice.random() < 0.2)
            view = operations.accept(uow, self.bench.rt, self.platform_id, asked, actor=ANNA, now=self.bench.now)
        return want, None if view is None else view.id

    def take(self) -> object:
        found = self.bench.claim(self.platform_id)
        if isinstance(found, ClaimedStep):
            if self.claimed is not None:
                self.stale.append(self.claimed)
            self.claimed = found
        return found

    def end(self) -> object:
        claimed, self.claimed = self.claimed, None
        if claimed is None:
            return "nothing"
        error = self.dice.choice([None, None, None, RuntimeError("x"), NotReady(5), AuthFailed()])
        return self.bench.succeed(claimed) if error is None else self.bench.fail(claimed, error)

    def come_late(self) -> object:
        if not self.stale:
            return "nobody"
        assert not self.bench.succeed(self.stale[-1])
        return "refused"

    def wait(self) -> object:
        self.bench.pass_s(self.dice.choice([3, 40]))
        return self.bench.now

    def recover(self) -> object:
        known = operations.of_platform(self.bench.session, self.platform_id, limit=5)
        if not known:
            return "nothing"
        view = self.dice.choice(known)
        name = self.dice.choice(["retry", "keep", "undo", "cancel", "force"])
        more = (self.dice.choice(view.steps).module,) if name == "force" else ()
        note = {"note": "because"} if name == "force" else {}
        with self.bench.unit() as uow:
            getattr(recovery, name)(uow, self.bench.rt, view.id, *more, actor=ANNA, now=self.bench.now, **note)
        return name, view.id

    def calm(self) -> None:
        """Let everything that can still run, run."""
        for _ in range(300):
            found = self.bench.claim(self.platform_id)
            if found is None:
                return
            if isinstance(found, WaitUntil):
                self.bench.now = found.at + timedelta(seconds=1)
            else:
                self.bench.succeed(found)
        raise AssertionError("it does not come to rest")

    def check(self) -> None:
        session, registry = self.bench.session, self.bench.rt.registry
        rows = {row.module: row for row in session.scalars(select(ModuleRow))}
        wanted = {code for code, row in rows.items() if row.wanted}
        for code in wanted:
            assert registry.requires(code) <= wanted, f"{code} is wanted without what it requires"
        assert not {"b", "f"} <= wanted
        snapshot = snapshots.load(session, self.bench.rt, self.platform_id)
        for code in snapshot.open:
            assert registry.requires(code) <= snapshot.open
            assert code in wanted
        self._check_journal(rows)

    def _check_journal(self, rows: dict[str, ModuleRow]) -> None:
        session = self.bench.session
        found = list(session.scalars(select(Operation).order_by(Operation.id)))
        steps = list(session.scalars(select(OperationStep)))
        running = [each.id for each in found if each.state is OperationState.RUNNING]
        assert len(running) <= 1
        assert {step.operation_id for step in steps if step.state is StepState.RUNNING} <= set(running)
        is_open = {each.id for each in found if each.state in OPEN_STATES}
        for step in steps:
            assert (step.state in (StepState.PENDING, StepState.RUNNING)) <= (step.operation_id in is_open)
        for operation_id in is_open:
            mine = [step for step in steps if step.operation_id == operation_id]
            assert any(step.state in (StepState.PENDING, StepState.RUNNING) for step in mine)
        for row in rows.values():
            assert (row.state in MOVING) <= (row.operation_id in is_open), f"{row.module} moves and nobody moves it"
        revisions = [each.revision for each in found]
        assert sorted(revisions) == revisions


@pytest.mark.parametrize("seed", range(4))
def test_what_must_always_hold(make: MakeBench, seed: int) -> None:
    bench = make(*graph(), hook_attempts=2, lease_s=30.0, retry_base_s=2.0, not_ready_limit_s=60.0)
    storm = Storm(bench, seed)
    for _ in range(ACTIONS):
        storm.act()
        try:
            storm.check()
        except AssertionError as broken:
            raise AssertionError("\n".join([str(broken), *storm.log[-25:]])) from broken
    storm.calm()
    storm.check()
    rows = list(bench.session.scalars(select(ModuleRow)))
    assert all(row.state not in MOVING for row in rows)
    assert bench.count(Delivery) == 0
