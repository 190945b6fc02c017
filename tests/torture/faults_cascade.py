"""A cascade of five whose k-th hook raises, hangs past its deadline, or is killed with its process.

Every case has a platform of its own, and runners of several processes work on all of them side by side. Inside every
transaction that commits, in whatever process, the modules of all platforms are looked at: none may be live without
what it requires. Then *Retry* completes, or *Undo* restores, by the product's own actions.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import product

from sqlalchemy import func, select

from console.domain.actor import SYSTEM
from console.domain.plan_types import ModuleStatus
from console.domain.words import ModuleState, OperationState, Origin, StepState
from console.services import recovery, snapshots
from console.storage.tables import AuditEntry
from console.storage.uow import read_session, unit_of_work
from tests.support.bench import Bench
from tests.support.calls import calls
from tests.support.links import LINKS, Ill, fall_ill, get_well
from tests.support.waiting import until
from tests.torture.faults_bench import bench_on, commits_watched
from tests.torture.quiet import quiet
from tests.torture.scenario import Figures, Ground, Scale
from tests.torture.tally import Tally

BROKEN, UNPLANNED, RETRY, UNDO = "live without its requirement", "not stopped at its hook", "not retried", "not undone"
STUCK, TWICE = "stuck", "success recorded twice"
WORKERS = 6
PATIENCE_S = 120.0
DEADLINE_S = 3.0
FIRST, LAST = LINKS[0], LINKS[-1]
OFF = dict.fromkeys(LINKS, ModuleStatus())
ON = {
    code: ModuleStatus(True, Origin.EXPLICIT if code == LAST else Origin.IMPLIED, ModuleState.ENABLED) for code in LINKS
}


@dataclass(slots=True)
class Case:
    """One platform's trouble.

    Args:
        on: Whether the cascade enables all five or disables them.
        code: Whose hook is ill.
        retried: Whether the way out is *Retry*, else it is *Undo*.
    """

    on: bool
    ill: Ill
    code: str
    retried: bool
    platform_id: int = 0
    operation_id: int = 0

    @property
    def hook(self) -> str:
        """The hook that is ill."""
        return "on_enable" if self.on else "on_disable"

    @property
    def before(self) -> dict[str, ModuleStatus]:
        """The five as they were."""
        return OFF if self.on else ON

    @property
    def want(self) -> dict[str, bool]:
        """What sets the cascade off."""
        return {LAST: True} if self.on else {FIRST: False}

    @property
    def order(self) -> tuple[str, ...]:
        """The five in the order of their steps."""
        return LINKS if self.on else LINKS[::-1]


def cascade_of_five(ground: Ground) -> Figures:
    """Every k, hook, illness and way out; at ``Scale.TEST`` one k and one way for each hook and illness."""
    tally = Tally()
    with quiet(), ExitStack() as stack:
        bench = bench_on(stack, ground)
        cases = list(_cases(ground))
        for number, case in enumerate(cases):
            case.platform_id = bench.add_platform(f"case{number}")
        stack.enter_context(commits_watched())
        stack.enter_context(bench.runner(workers=WORKERS))
        _Run(bench, cases, tally).all()
        _count_commits(bench, tally)
    return tally.figures((BROKEN, UNPLANNED, RETRY, UNDO, STUCK, TWICE))


def _cases(ground: Ground) -> Iterator[Case]:
    chance = random.Random(ground.seed)
    for on, ill in product((True, False), Ill):
        if ground.scale is Scale.TEST:
            yield Case(on, ill, chance.choice(LINKS), chance.choice((True, False)))
        else:
            yield from (Case(on, ill, code, retried) for code, retried in product(LINKS, (True, False)))


def _count_commits(bench: Bench, tally: Tally) -> None:
    tally.done["commits looked at"] = len(calls("commit"))
    for call in calls():
        if call.name.startswith("broken."):
            tally.wrong(BROKEN, f"{call.name} on platform {call.platform_id}")
    many = (
        select(AuditEntry.operation_id, AuditEntry.target)
        .where(AuditEntry.action == "steps.succeeded")
        .group_by(AuditEntry.operation_id, AuditEntry.target)
        .having(func.count() > 1)
    )
    with bench.app.app_context():
        for row in read_session().execute(many):
            tally.wrong(TWICE, f"{row.target} in operation {row.operation_id}")


# --- the cases -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Run:
    """All cases, each stage for all of them before the next: hooks that hang do so side by side."""

    bench: Bench
    cases: list[Case]
    tally: Tally

    def all(self) -> None:
        """Break the cascade, get out by the way of the case, and ask once more where it was undone."""
        for case in self.cases:
            if not case.on:
                case.operation_id = self.bench.request(case.platform_id, **{LAST: True})
        self._wait()
        for case in self.cases:
            fall_ill(case.platform_id, case.code, case.hook, case.ill)
            case.operation_id = self.bench.request(case.platform_id, **case.want)
        self._wait()
        for case in self.cases:
            self._expect_stop(case)
            self._leave(case)
        self._wait()
        for case in self.cases:
            self._expect_left(case)
            if not case.retried:
                get_well(case.platform_id)
                case.operation_id = self.bench.request(case.platform_id, **case.want)
        self._wait()
        for case in self.cases:
            self._expect_changed(case)

    def _wait(self) -> None:
        for case in [case for case in self.cases if case.operation_id]:
            try:
                until(partial(self._is_over, case), within_s=PATIENCE_S)
            except AssertionError:
                self.tally.wrong(STUCK, f"{case}: {self.bench.operation(case.operation_id)}")

    def _is_over(self, case: Case) -> bool:
        return not self.bench.operation(case.operation_id).is_open

    def _expect_stop(self, case: Case) -> None:
        """It failed at that hook: what came before is done, what comes after was not begun."""
        view = self.bench.operation(case.operation_id)
        at = case.order.index(case.code)
        states = [step.state for step in view.steps]
        planned = [StepState.SUCCEEDED] * at + [StepState.FAILED] + [StepState.SKIPPED] * (len(LINKS) - at - 1)
        held = view.state is OperationState.FAILED and states == planned
        self.tally.expect(held, UNPLANNED, f"{case}: {view.state} {states}")
        live = set(case.order[:at]) if case.on else set()
        self.tally.expect(self._live(case) == live, UNPLANNED, f"{case}: live are {self._live(case)}")
        self.tally.done[f"hooks: {case.ill}"] += 1

    def _leave(self, case: Case) -> None:
        """*Retry* once the hook is well; *Undo* must do without that."""
        if case.retried:
            get_well(case.platform_id)
        action = recovery.retry if case.retried else recovery.undo
        with self.bench.app.app_context(), unit_of_work() as uow:
            view = action(uow, self.bench.rt, case.operation_id, actor=SYSTEM, now=self.bench.rt.clock())
        self.tally.done["retried" if case.retried else "undone"] += 1
        case.operation_id = case.operation_id if view is None else view.id

    def _expect_left(self, case: Case) -> None:
        if case.retried:
            self._expect_changed(case)
            return
        view = self.bench.operation(case.operation_id)
        rows = self._rows(case)
        held = rows == case.before and view.state in (OperationState.SUCCEEDED, OperationState.UNDONE)
        self.tally.expect(held, UNDO, f"{case}: {view.state} {rows}")

    def _expect_changed(self, case: Case) -> None:
        """The request has come to its end, as if nothing had been ill."""
        view = self.bench.operation(case.operation_id)
        live = set(LINKS) if case.on else set()
        held = view.state is OperationState.SUCCEEDED and self._live(case) == live
        self.tally.expect(held, RETRY, f"{case}: {view.state}, live are {self._live(case)}")

    def _rows(self, case: Case) -> dict[str, ModuleStatus]:
        return {code: self.bench.status(code, case.platform_id) for code in LINKS}

    def _live(self, case: Case) -> set[str]:
        with self.bench.app.app_context():
            snapshot = snapshots.load(read_session(), self.bench.rt, case.platform_id)
            return {code for code in LINKS if snapshot.is_open(code)}
