"""The tables are the truth: messages lost or doubled change nothing, and what the dead held is free."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from console.domain.words import StepState
from console.jobs.process import identity
from console.jobs.state import jobs_of
from console.jobs.steps import run_platform
from console.jobs.sweep import sweep
from console.services import journal
from console.services.journal import ClaimedStep
from console.services.runtime import Message
from console.storage.tables import OperationStep
from console.storage.uow import read_session, unit_of_work
from tests.jobs.conftest import MakeBench
from tests.support.bench import Bench
from tests.support.calls import calls

ELSEWHERE = "elsewhere.1:1:1/0"


def claimed_by(bench: Bench, worker: str) -> ClaimedStep:
    with bench.app.app_context(), unit_of_work() as uow:
        found = journal.claim_next(uow, bench.rt, bench.platform_id, worker=worker, now=bench.rt.clock())
    assert isinstance(found, ClaimedStep)
    return found


def leased(bench: Bench) -> bool:
    """Whether somebody holds a step at this moment."""
    held = select(OperationStep.id).where(
        OperationStep.state == StepState.RUNNING, OperationStep.lease_until > bench.rt.clock()
    )
    with bench.app.app_context():
        return read_session().scalar(held) is not None


def test_an_operation_whose_message_was_lost_is_found(make_bench: MakeBench) -> None:
    bench = make_bench("hooks")
    operation = bench.request(flaky=True)
    jobs_of(bench.app).storage.flush_all()
    with bench.runner():
        bench.succeeded(operation)
    assert bench.successes("flaky") == 1


def test_doubled_messages_run_a_hook_once(make_bench: MakeBench) -> None:
    bench = make_bench("hooks")
    operation = bench.request(slow=True)
    with bench.app.app_context(), unit_of_work() as uow:
        for _ in range(20):
            bench.rt.messenger.send(uow.session, Message("platform", bench.platform_id))
    with bench.runner(workers=3):
        bench.succeeded(operation)
    assert len(calls("slow.on_enable")) == 1


def test_runners_are_woken_and_do_not_live_on_polling(make_bench: MakeBench) -> None:
    """Nobody looks by itself for an hour: the request and each retry wake whom they need."""
    bench = make_bench("hooks", poll_s=3600.0, lease_s=7200.0)
    with bench.runner():
        first = bench.request(flaky=True)
        bench.succeeded(first)
        second = bench.request(flaky=False, unready=True)
        bench.succeeded(second)
    assert [call.attempt for call in calls("flaky.on_enable")] == [1, 2, 3]


def test_only_what_has_no_message_is_called_again(make_bench: MakeBench) -> None:
    bench = make_bench("hooks")
    bench.request(slow=True)
    assert sweep(bench.app) == 0
    jobs_of(bench.app).storage.flush_all()
    assert sweep(bench.app) == 1
    assert sweep(bench.app) == 0


def test_a_claim_leaves_a_wake_up_for_the_end_of_its_lease(make_bench: MakeBench) -> None:
    bench = make_bench("hooks", lease_s=30.0, retry_base_s=30.0, retry_max_s=30.0)
    bench.request(flaky=True)
    storage = jobs_of(bench.app).storage
    storage.flush_all()
    run_platform(bench.app, bench.platform_id, identity() + "/0")
    platform = jobs_of(bench.app).encode(Message("platform", bench.platform_id))
    assert platform in storage.scheduled_items()
    assert len(calls("flaky.on_enable")) == 1, "the retry is a matter of its time, not of this call"


def test_what_a_dead_process_of_this_machine_held_is_free_at_once(make_bench: MakeBench) -> None:
    bench = make_bench("hooks", lease_s=3600.0)
    bench.request(slow=True)
    host, pid, start = identity().split(":")
    claimed_by(bench, f"{host}:{pid}:{int(start) + 1}/0")
    assert leased(bench)
    sweep(bench.app)
    assert not leased(bench)


def test_what_a_living_process_or_another_machine_holds_is_left_alone(make_bench: MakeBench) -> None:
    bench = make_bench("hooks", lease_s=3600.0)
    bench.request(slow=True)
    claimed_by(bench, identity() + "/0")
    sweep(bench.app)
    assert leased(bench)
    with bench.app.app_context(), unit_of_work() as uow:
        uow.session.execute(update(OperationStep).values(worker=ELSEWHERE))
    sweep(bench.app)
    assert leased(bench)


def test_a_worker_that_is_said_to_be_lost_holds_nothing(make_bench: MakeBench) -> None:
    bench = make_bench("hooks", lease_s=3600.0)
    bench.request(slow=True)
    claimed_by(bench, ELSEWHERE)
    sweep(bench.app, lost=ELSEWHERE)
    assert not leased(bench)


def test_an_older_claim_records_nothing(make_bench: MakeBench) -> None:
    bench = make_bench("hooks", lease_s=30.0)
    bench.request(slow=True)
    older = claimed_by(bench, ELSEWHERE)
    now = bench.rt.clock()
    bench.rt.clock = lambda: now + timedelta(seconds=31)
    newer = claimed_by(bench, identity() + "/0")
    assert newer.fence == older.fence + 1
    assert newer.key == older.key
    with bench.app.app_context(), unit_of_work() as uow:
        assert not journal.succeed(uow, bench.rt, older, bench.rt.clock())
        assert journal.succeed(uow, bench.rt, newer, bench.rt.clock())
        assert not journal.succeed(uow, bench.rt, newer, bench.rt.clock())
    assert bench.successes("slow") == 1
