"""Two web and two worker machines on one Postgres: any of them may die, and one may have a clock that is wrong."""

from __future__ import annotations

import json
import signal
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from console.domain.actor import SYSTEM
from console.services import tokens
from console.storage.uow import unit_of_work
from tests.jobs.conftest import MakeBench
from tests.support.bench import HOSTILE, QUICK, Bench
from tests.support.calls import calls, gate
from tests.support.tree import ADDRESS, Tree, code_of, started
from tests.support.waiting import until

AN_HOUR_AHEAD = """
import datetime, time
real = time.time
time.time = lambda: real() + 3600
class Ahead(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return super().now(tz) + datetime.timedelta(hours=1)
import console.storage.clock
console.storage.clock.datetime = Ahead
"""


@pytest.fixture(params=["postgres"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """The one that several machines can share."""
    return str(request.param)


@dataclass(frozen=True, slots=True)
class Machines:
    """Four process trees that share the database, and a program with a token for the platform."""

    bench: Bench
    webs: tuple[Tree, Tree]
    workers: tuple[Tree, Tree]
    secret: str

    def ask(self, web: Tree, method: str, path: str, body: object = None) -> int:
        """The status with which one of the web machines answers."""
        request = urllib.request.Request(
            web.said(ADDRESS) + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    def switch(self, web: Tree, code: str, *, on: bool) -> int:
        """Switch a module by one of the web machines."""
        return self.ask(web, "PUT", f"/api/admin/modules/{code}", {"want": "on" if on else "off"})

    def worker_of(self, pid: int) -> Tree:
        """The worker machine on which a process runs."""
        return next(worker for worker in self.workers if pid in worker.processes())


@pytest.fixture
def machines(make_bench: MakeBench, tmp_path: Path) -> Iterator[Machines]:
    bench = make_bench("hooks", lease_s=6.0)
    rt = bench.rt
    with bench.app.app_context(), unit_of_work() as uow:
        _, secret = tokens.create(
            uow, "probe", expires_days=1, actor=SYSTEM, now=rt.clock(), platform_id=bench.platform_id
        )
    shared = {
        **QUICK,
        "database_url": rt.settings.database_url,
        "secret_key_file": rt.settings.secret_key_file,
        "modules_path": HOSTILE / "hooks",
        "insecure_http": "true",
        "lease_s": 6.0,
        "runners": 1,
        "workers": 1,
        "port": 0,
    }
    web, worker = code_of("serve", {"with_worker": False}), code_of("worker")
    programs = {"web-1": web, "web-2": web, "worker-1": worker, "worker-2": AN_HOUR_AHEAD + worker}
    with ExitStack() as stack:
        trees = []
        for name, code in programs.items():
            trees.append(
                stack.enter_context(started(code, tmp_path / f"{name}.log", data_dir=tmp_path / name, **shared))
            )
            if name.startswith("web"):  # one after the other: starting is work
                trees[-1].said(ADDRESS)
        until(lambda: bench.runners() == 2, within_s=60.0)
        yield Machines(bench, (trees[0], trees[1]), (trees[2], trees[3]), secret)


def test_the_death_of_a_web_and_of_a_worker_machine_stops_nothing(machines: Machines) -> None:
    bench, webs = machines.bench, machines.webs
    for number in range(6):  # analytics has no hook, so the answer says that it is done
        on = number % 2 == 0
        assert machines.switch(webs[number % 2], "analytics", on=on) == 200
        answers = [machines.ask(web, "GET", "/api/admin/analytics/figures") for web in (*webs, *webs)]
        assert answers == [200 if on else 404] * 4

    assert machines.switch(webs[0], "gated", on=True) == 202
    holder = until(lambda: calls("gated.on_enable"))[0].pid
    bench.succeeded(bench.request(bench.add_platform("south"), slow=True))
    assert len(calls("gated.on_enable")) == 1, "the other machine works, and leaves alone what is held"

    machines.worker_of(holder).stop(signal.SIGKILL)
    webs[0].stop(signal.SIGKILL)
    gate().touch()
    until(lambda: machines.ask(webs[1], "GET", "/api/admin/modules/gated") == 200 and bench.successes("gated"))
    assert bench.successes("gated") == 1
    assert machines.switch(webs[1], "flaky", on=True) == 202
    until(lambda: bench.successes("flaky"))
