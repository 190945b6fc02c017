"""Two processes that want contrary things at the same moment."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from dataclasses import dataclass
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

from sqlalchemy import select

from console.domain.plan_types import ChangeRequest
from console.errors import Conflict
from console.services import plans
from console.storage.tables import ModuleRow, Operation
from tests.services.bench import Bench, make_bench, module
from tests.services.conftest import MakeBench

ROUNDS = 200
WITHIN_S = 150
SHOP = (module("payments"), module("orders", "payments"))
START = {"payments": True, "orders": False}
Report = tuple[str, int, str]


@dataclass(frozen=True)
class Where:
    """The platform that both processes want to change."""

    database_url: str
    folder: Path
    platform_id: int


def test_of_two_contrary_requests_one_wins_and_no_requirement_is_ever_broken(
    make: MakeBench, database_url: str, data_dir: Path
) -> None:
    bench = make(*SHOP)
    acme = bench.platform()
    begin(bench, acme)
    reports = race(Where(database_url, data_dir, acme))
    assert Counter(number for _, number, outcome in reports if outcome == "won") == dict.fromkeys(range(ROUNDS), 1)
    assert Counter(outcome for _, _, outcome in reports) == {"won": ROUNDS, "plan_stale": ROUNDS}
    revisions = list(bench.session.scalars(select(Operation.revision).order_by(Operation.id)))
    assert revisions == list(range(revisions[0], revisions[0] + len(revisions)))
    assert revisions[-1] == bench.revision(acme)


def race(where: Where) -> list[Report]:
    """What both processes report: who, in which round, how it ended."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(2, timeout=WITHIN_S)
    reports: Queue[Report] = context.Queue()
    processes = [
        context.Process(target=ask_again_and_again, args=(where, ask, barrier, reports))
        for ask in ({"orders": True}, {"payments": False})
    ]
    for process in processes:
        process.start()
    found = [reports.get(timeout=WITHIN_S) for _ in range(2 * ROUNDS)]
    for process in processes:
        process.join(WITHIN_S)
    assert [process.exitcode for process in processes] == [0, 0]
    return found


def ask_again_and_again(where: Where, ask: dict[str, bool], barrier: Barrier, reports: Queue[Report]) -> None:
    """One process: see a plan, wait for the other, ask for that plan; one puts all back for the next round."""
    bench = make_bench(where.database_url, where.folder, SHOP)
    with bench.app.app_context():
        for number in range(ROUNDS):
            seen = plans.preview(bench.session, bench.rt, where.platform_id, ChangeRequest(ask))
            barrier.wait()
            try:
                won = bench.ask(where.platform_id, digest=seen.digest, note="", **ask)
                outcome = "won" if won is not None else "nothing"
            except Conflict as conflict:
                outcome = conflict.code
            wanted = set(bench.session.scalars(select(ModuleRow.module).where(ModuleRow.wanted)))
            if "orders" in wanted and "payments" not in wanted:
                outcome = "broken"
            reports.put((next(iter(ask)), number, outcome))
            barrier.wait()
            if "orders" in ask:
                begin(bench, where.platform_id)
            barrier.wait()


def begin(bench: Bench, platform_id: int) -> None:
    """Payments on and orders off, from wherever things are."""
    bench.ask(platform_id, digest=None, note="", **START)
