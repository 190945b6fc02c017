"""A fault at the N-th statement of a runner that runs the hooks of a toggle: it is finished by the next look.

The hook may run again, as it runs at least once; its success is recorded once, and nothing is stuck.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count

from sqlalchemy import func, select

from console.domain.words import ModuleState, OperationState
from console.errors import ConsoleError
from console.jobs.steps import run_platform
from console.storage.base import db
from console.storage.tables import AuditEntry
from console.storage.uow import read_session
from tests.support.bench import Bench
from tests.support.links import LINKS
from tests.support.waiting import until
from tests.torture.faults_bench import bench_on
from tests.torture.faults_driver import Fault, Trouble, faults_of, watch
from tests.torture.quiet import quiet
from tests.torture.scenario import Figures, Ground, Scale
from tests.torture.tally import Tally

STUCK, TWICE, WRONG = "stuck", "success not recorded once", "not as planned"
STRIDE = {Scale.TEST: 12, Scale.SHORT: 1, Scale.FULL: 1}
LONGEST = 400
FIRST = LINKS[0]


@dataclass(slots=True)
class _Run:
    """One platform whose first link is switched on and off again, each time with a fault under the runner."""

    bench: Bench
    trouble: Trouble
    tally: Tally
    turns: Iterator[int] = field(default_factory=lambda: count(1))

    def all(self, fault: Fault, where: str, *, ground: Ground, lasting: bool) -> None:
        """N from where the seed says, until no fault is met."""
        stride = STRIDE[ground.scale]
        for at in range(ground.seed % stride + 1, LONGEST, stride):
            if not self._one(fault, at, lasting=lasting, where=f"{where}, statement {at}"):
                return
        raise AssertionError(f"{where} has no end")

    def _one(self, fault: Fault, at: int, *, lasting: bool, where: str) -> bool:
        on = next(self.turns) % 2 == 1
        operation = self.bench.request(**{FIRST: on})
        self.trouble.begin(fault, at, lasting=lasting)
        self._look()
        self.trouble.end()
        try:
            until(lambda: self._finished(operation), within_s=20.0)
        except AssertionError:
            self.tally.wrong(STUCK, where)
        view, row = self.bench.operation(operation), self.bench.status(FIRST)
        state = ModuleState.ENABLED if on else ModuleState.DISABLED
        held = view.state is OperationState.SUCCEEDED and (row.wanted, row.state) == (on, state)
        self.tally.expect(held, WRONG, f"{where}: {view.state}, {row}")
        self.tally.expect(self._successes(operation) == 1, TWICE, f"{where}: {self._successes(operation)}")
        self.tally.done["faults met"] += bool(self.trouble.met)
        return bool(self.trouble.met)

    def _look(self) -> None:
        """What a message makes a worker do; what it cannot do is for the next one."""
        try:
            run_platform(self.bench.app, self.bench.platform_id, "torture")
        except ConsoleError:
            self.tally.done["looks cut off"] += 1

    def _finished(self, operation: int) -> bool:
        self._look()
        return not self.bench.operation(operation).is_open

    def _successes(self, operation: int) -> int:
        found = select(func.count()).where(
            AuditEntry.action == "steps.succeeded", AuditEntry.operation_id == operation, AuditEntry.target == FIRST
        )
        with self.bench.app.app_context():
            return read_session().scalars(found).one()


def runner_hit_at_every_statement(ground: Ground) -> Figures:
    """Every fault of the database, met once and from there on, while a runner works."""
    tally = Tally()
    with quiet(), ExitStack() as stack:
        bench = bench_on(stack, ground, hook_attempts=5, lease_s=0.3, heartbeat_s=600.0)
        bench.platform_id = bench.add_platform("acme")
        run_platform(bench.app, bench.platform_id, "torture")
        with bench.app.app_context():
            trouble = watch(db.engine)
        run = _Run(bench, trouble, tally)
        faults = faults_of(ground.database, bench.rt.settings.database_url)
        modes = [(name, lasting) for name in faults for lasting in (False, True)]
        chosen = [modes[ground.seed % len(modes)]] if ground.scale is Scale.TEST else modes
        for name, lasting in chosen:
            run.all(faults[name], f"{name}{', lasting' if lasting else ''}", ground=ground, lasting=lasting)
    return tally.figures((STUCK, TWICE, WRONG))
