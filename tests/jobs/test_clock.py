"""A clock that is set, either way and by a day, loses nothing, doubles nothing and freezes nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Self

import pytest
from sqlalchemy import func, select

from console.domain.words import StepState
from console.jobs.health import start_round
from console.jobs.liveness import say_alive, say_gone
from console.jobs.periodic import PeriodicTasks
from console.jobs.process import identity
from console.jobs.state import jobs_of
from console.jobs.steps import run_platform
from console.jobs.sweep import sweep
from console.jobs.timeline import Timeline
from console.services import tasks
from console.services.operation_views import StepView
from console.storage.tables import OperationStep
from console.storage.uow import read_session, unit_of_work
from tests.jobs.conftest import MakeBench
from tests.jobs.test_background import the_task
from tests.jobs.test_sweep import ELSEWHERE, claimed_by
from tests.support.bench import Bench
from tests.support.calls import calls
from tests.support.waiting import until

DAY = timedelta(days=1)
BOTH = pytest.mark.parametrize("jump", [DAY, -DAY], ids=["ahead", "back"])


@dataclass
class Clock:
    """The time, as far off as the test sets it."""

    off: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.off


SetClock = Callable[[str], tuple[Bench, Clock]]


@pytest.fixture
def set_clock(make_bench: MakeBench) -> SetClock:
    """A bench with a clock that can be set; a runner of this machine has noted the time, and this process knows it."""

    def make(folder: str) -> tuple[Bench, Clock]:
        bench = make_bench(folder, lease_s=30.0, retry_base_s=30.0, retry_max_s=30.0)
        bench.rt.clock = clock = Clock()
        say_alive(bench.app, identity(), kind="worker")
        return bench, clock

    return make


def step_of(bench: Bench, operation: int) -> StepView:
    return bench.operation(operation).steps[-1]


def left_s(bench: Bench, at: datetime | None) -> float:
    """Seconds from now."""
    assert at is not None
    return (at - bench.rt.clock()).total_seconds()


def lease_left_s(bench: Bench) -> float:
    found = select(OperationStep.lease_until).where(OperationStep.state == StepState.RUNNING)
    with bench.app.app_context():
        return left_s(bench, read_session().scalars(found).one())


@pytest.mark.parametrize("database_kind", ["postgres"], indirect=True)
@pytest.mark.parametrize("hours", [1, -1])
def test_on_postgres_a_machine_whose_clock_is_wrong_tells_the_servers_time(
    make_bench: MakeBench, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    class Wrong(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return super().now(tz) + timedelta(hours=hours)

    monkeypatch.setattr("console.storage.clock.datetime", Wrong)
    monkeypatch.setattr(time, "time", lambda: Wrong.now(UTC).timestamp())
    bench = make_bench("hooks")
    with bench.app.app_context(), unit_of_work() as uow:
        server = uow.session.scalar(select(func.clock_timestamp()))
        assert server is not None
        assert abs(bench.rt.clock() - server) < timedelta(minutes=1)
        jobs_of(bench.app).storage.send(uow.session, b"later", delay_s=60.0)
    due_s = jobs_of(bench.app).storage.next_due_s()
    assert due_s is not None
    assert abs(due_s - server.timestamp() - 60.0) < 60.0


@BOTH
def test_nobody_takes_what_a_living_runner_holds(set_clock: SetClock, jump: timedelta) -> None:
    bench, clock = set_clock("hooks")
    bench.request(slow=True)
    claimed_by(bench, ELSEWHERE)
    clock.off = jump
    run_platform(bench.app, bench.platform_id, "here/0")
    assert calls("slow.on_enable") == []
    assert 20.0 < lease_left_s(bench) <= 30.0, "and should its holder be dead, that is how long it takes"


def test_a_runner_that_starts_after_the_clock_was_set_back_finds_no_lease_of_a_day(set_clock: SetClock) -> None:
    bench, clock = set_clock("hooks")
    bench.request(slow=True)
    claimed_by(bench, ELSEWHERE)
    clock.off = -DAY
    jobs_of(bench.app).timeline = Timeline()
    sweep(bench.app)
    assert lease_left_s(bench) <= 30.0


@BOTH
def test_a_wait_between_tries_keeps_its_length(set_clock: SetClock, jump: timedelta) -> None:
    bench, clock = set_clock("hooks")
    operation = bench.request(flaky=True)
    run_platform(bench.app, bench.platform_id, "here/0")
    clock.off = jump
    run_platform(bench.app, bench.platform_id, "here/0")
    assert len(calls("flaky.on_enable")) == 1
    assert 0.0 < left_s(bench, step_of(bench, operation).next_try_at) <= 40.0
    due_s = jobs_of(bench.app).storage.next_due_s()
    assert due_s is not None
    assert due_s - bench.rt.clock().timestamp() <= 40.0


def test_what_a_process_wrote_that_started_after_the_clock_went_ahead_is_not_moved(set_clock: SetClock) -> None:
    """It cannot tell the jump from a pause; whoever was there before mends the rest."""
    bench, clock = set_clock("hooks")
    before = jobs_of(bench.app).timeline
    clock.off = DAY
    jobs_of(bench.app).timeline = Timeline()
    operation = bench.request(flaky=True)
    run_platform(bench.app, bench.platform_id, "here/0")
    assert 0.0 < left_s(bench, step_of(bench, operation).next_try_at) <= 40.0
    jobs_of(bench.app).timeline = before
    sweep(bench.app)
    assert 0.0 < left_s(bench, step_of(bench, operation).next_try_at) <= 40.0


def test_every_process_sees_the_jump_and_one_mends_it(set_clock: SetClock) -> None:
    bench, clock = set_clock("hooks")
    operation = bench.request(flaky=True)
    run_platform(bench.app, bench.platform_id, "here/0")
    timelines = [copy(jobs_of(bench.app).timeline) for _ in range(3)]
    clock.off = -DAY
    for jobs_of(bench.app).timeline in timelines:
        sweep(bench.app)
    assert 0.0 < left_s(bench, step_of(bench, operation).next_try_at) <= 40.0


def test_a_machine_that_slept_while_others_worked_mends_nothing(set_clock: SetClock) -> None:
    """To the one that slept the clock has jumped; the others have noted every moment of that day."""
    bench, clock = set_clock("hooks")
    bench.request(slow=True)
    claimed_by(bench, ELSEWHERE)
    clock.off = DAY
    asleep, jobs_of(bench.app).timeline = jobs_of(bench.app).timeline, Timeline()
    say_alive(bench.app, "elsewhere.1:1:1", kind="worker")
    jobs_of(bench.app).timeline = asleep
    run_platform(bench.app, bench.platform_id, "here/0")
    assert len(calls("slow.on_enable")) == 1


@BOTH
def test_who_is_not_ready_is_given_the_rest_of_its_day(set_clock: SetClock, jump: timedelta) -> None:
    bench, clock = set_clock("hooks")
    operation = bench.request(neverready=True)
    run_platform(bench.app, bench.platform_id, "here/0")
    clock.off = jump
    until(lambda: _tried(bench) >= 3)
    step = step_of(bench, operation)
    assert (step.state, step.attempts) == (StepState.PENDING, 0)


def _tried(bench: Bench) -> int:
    run_platform(bench.app, bench.platform_id, "here/0")
    return len(calls("neverready.on_enable"))


@BOTH
def test_a_later_task_is_as_far_off_as_before(set_clock: SetClock, jump: timedelta) -> None:
    bench, clock = set_clock("background")
    with bench.app.app_context():
        the_task("remember").enqueue(bench.platform_id, delay_s=3600.0, name="later")
    clock.off = jump
    sweep(bench.app)
    with bench.app.app_context():
        (row,) = tasks.listing(read_session(), bench.platform_id)
    assert 3500.0 < left_s(bench, row.next_try_at) < 3700.0


@BOTH
def test_periodic_tasks_go_on_and_run_once_a_slot(set_clock: SetClock, jump: timedelta) -> None:
    bench, clock = set_clock("background")
    with bench.runner(kind="wait"):
        bench.succeeded(bench.request(listener=True))
    here, there = PeriodicTasks(bench.app), PeriodicTasks(bench.app)
    clock.off = -2 * DAY
    for _ in range(3):
        assert (here.enqueue(), there.enqueue()) == (1, 0)
        clock.off += jump
        sweep(bench.app)


@BOTH
def test_health_rounds_go_on_one_at_a_time(set_clock: SetClock, jump: timedelta) -> None:
    bench, clock = set_clock("health")
    assert start_round(bench.app)
    clock.off = jump
    sweep(bench.app)
    assert (start_round(bench.app), start_round(bench.app)) == (True, False)


@BOTH
def test_a_living_runner_is_seen_all_the_time(set_clock: SetClock, jump: timedelta) -> None:
    bench, clock = set_clock("hooks")
    clock.off = jump
    sweep(bench.app)
    assert bench.has_runner()


def test_time_goes_on_by_itself_without_mending(set_clock: SetClock, caplog: pytest.LogCaptureFixture) -> None:
    bench, _ = set_clock("hooks")
    for _ in range(3):
        sweep(bench.app)
    say_gone(bench.app, identity())
    assert "the clock was set" not in caplog.text
