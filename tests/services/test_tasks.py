"""Runs of tasks: skipped when the module is off, once a slot, retried, fenced."""

from __future__ import annotations

import pytest

from console.domain.words import DeliveryState
from console.services import tasks
from console.services.tasks import ClaimedTask, TaskView
from tests.services.bench import Bench, module
from tests.services.conftest import MakeBench


@pytest.fixture
def bench(make: MakeBench) -> Bench:
    return make(module("orders"), hook_attempts=2, retry_base_s=10.0)


def enqueue(bench: Bench, platform_id: int, **more: object) -> int | None:
    with bench.unit() as uow:
        made: int | None = tasks.enqueue(
            uow,
            bench.rt,
            "orders.tasks.count",
            "orders",
            platform_id,
            {"year": 2026},
            now=bench.now,
            **more,  # type: ignore[arg-type]
        )
    return made


def claim(bench: Bench, task_id: int | None) -> ClaimedTask | None:
    with bench.unit() as uow:
        return tasks.claim(uow, bench.rt, task_id or 0, now=bench.now)


def run(bench: Bench, platform_id: int) -> TaskView:
    return tasks.listing(bench.session, platform_id)[0]


def test_a_run_is_claimed_once_and_finished_once(bench: Bench) -> None:
    acme = bench.platform()
    bench.accepted(acme, orders=True)
    made = enqueue(bench, acme)
    claimed = claim(bench, made)
    assert claimed is not None
    assert (claimed.task, claimed.platform_id, claimed.arguments) == ("orders.tasks.count", acme, {"year": 2026})
    assert claim(bench, made) is None
    with bench.unit() as uow:
        assert tasks.finish(uow, claimed, bench.now)
        assert not tasks.finish(uow, claimed, bench.now)
    assert run(bench, acme).state is DeliveryState.SUCCEEDED


def test_a_run_of_a_module_that_is_off_is_skipped(bench: Bench) -> None:
    acme = bench.platform()
    assert claim(bench, enqueue(bench, acme)) is None
    skipped = run(bench, acme)
    assert (skipped.state, skipped.error) == (DeliveryState.SKIPPED, "orders is off")


def test_what_switching_off_asks_for_runs_although_the_module_is_off(bench: Bench) -> None:
    acme = bench.platform()
    assert claim(bench, enqueue(bench, acme, after_off=True)) is not None


def test_a_delayed_run_waits(bench: Bench) -> None:
    acme = bench.platform()
    bench.accepted(acme, orders=True)
    made = enqueue(bench, acme, delay_s=60.0)
    assert [delay_s for message, delay_s in bench.messenger.sent if message.kind == "task"] == [60.0]
    assert claim(bench, made) is None
    bench.pass_s(60)
    assert claim(bench, made) is not None


def test_a_periodic_task_has_one_run_for_each_slot_and_platform(bench: Bench) -> None:
    acme, globex = bench.platform(), bench.platform("globex")
    assert enqueue(bench, acme, slot="2026-03-01T12:00") is not None
    assert enqueue(bench, acme, slot="2026-03-01T12:00") is None
    assert enqueue(bench, globex, slot="2026-03-01T12:00") is not None
    assert enqueue(bench, acme, slot="2026-03-01T12:01") is not None


def test_a_run_that_fails_is_tried_again_and_then_rests(bench: Bench) -> None:
    acme = bench.platform()
    bench.accepted(acme, orders=True)
    made = enqueue(bench, acme)
    for wait_s in (13, 0):
        claimed = claim(bench, made)
        assert claimed is not None
        with bench.unit() as uow:
            assert tasks.fail(uow, bench.rt, claimed, "ValueError: no", bench.now)
        bench.pass_s(wait_s)
    failed = run(bench, acme)
    assert (failed.state, failed.attempts, failed.error) == (DeliveryState.FAILED, 2, "ValueError: no")
    assert claim(bench, made) is None


def test_a_lost_run_is_taken_again_with_a_new_fence(bench: Bench) -> None:
    acme = bench.platform()
    bench.accepted(acme, orders=True)
    made = enqueue(bench, acme)
    lost = claim(bench, made)
    assert lost is not None
    bench.pass_s(31)
    taken = claim(bench, made)
    assert taken is not None
    with bench.unit() as uow:
        assert tasks.find_claim(uow.session, bench.rt, lost.id, lost.fence) is None
        assert tasks.find_claim(uow.session, bench.rt, taken.id, taken.fence) == taken
        assert not tasks.fail(uow, bench.rt, lost, "late", bench.now)
        assert tasks.extend_lease(uow, taken, bench.now)
