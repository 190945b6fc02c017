"""Deliveries of events, tasks of modules, and what runs by the clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from console.domain.words import DeliveryState
from console.errors import DefinitionError
from console.jobs.periodic import PeriodicTasks
from console.jobs.tasks import ModuleTask, declared, periodic_task, task
from console.services import deliveries, tasks
from console.services.deliveries import DeliveryView
from console.services.tasks import TaskView
from console.storage.uow import read_session, unit_of_work
from tests.jobs.conftest import MakeBench
from tests.support.bench import Bench
from tests.support.calls import calls
from tests.support.waiting import until

TASKS = "modules.listener.tasks"
OVER = {DeliveryState.SUCCEEDED, DeliveryState.FAILED, DeliveryState.SKIPPED}


def the_task(name: str) -> ModuleTask:
    found = declared(f"{TASKS}.{name}")
    assert found is not None
    return found


def task_rows(bench: Bench) -> Sequence[TaskView]:
    with bench.app.app_context():
        return tasks.listing(read_session(), bench.platform_id)


def delivery_rows(bench: Bench, module: str) -> Sequence[DeliveryView]:
    with bench.app.app_context():
        return deliveries.listing(read_session(), bench.platform_id, module=module)


def enqueue(bench: Bench, task_name: str, **arguments: str) -> int:
    with bench.app.app_context():
        return the_task(task_name).enqueue(bench.platform_id, delay_s=0.0, **arguments)


def switch(bench: Bench, *, on: bool) -> None:
    bench.succeeded(bench.request(listener=on))


def all_over(rows: Sequence[TaskView] | Sequence[DeliveryView]) -> bool:
    return bool(rows) and all(row.state in OVER for row in rows)


def test_every_subscriber_gets_its_own_delivery_and_its_own_tries(make_bench: MakeBench) -> None:
    bench = make_bench("background")
    with bench.runner():
        switch(bench, on=True)
        until(lambda: all_over(delivery_rows(bench, "listener")))
    rows = {row.subscriber.rpartition(".")[2]: row for row in delivery_rows(bench, "listener")}
    assert {name: row.attempts for name, row in rows.items()} == {"hear_enabled": 1, "hear_with_trouble": 2}
    assert {row.state for row in rows.values()} == {DeliveryState.SUCCEEDED}
    assert len(calls("heard.enabled.listener")) == 1
    assert len(calls("trouble.listener")) == 2


def test_what_the_clean_up_enqueues_runs_although_the_module_is_off(make_bench: MakeBench) -> None:
    bench = make_bench("background")
    with bench.runner():
        switch(bench, on=True)
        switch(bench, on=False)
        until(lambda: calls("task.clean-up"))
        until(lambda: calls("task.farewell"))
    assert len(calls("heard.disabled.listener")) == 1


def test_a_task_of_a_module_that_is_off_is_skipped(make_bench: MakeBench) -> None:
    bench = make_bench("background")
    enqueue(bench, "remember", name="never")
    with bench.runner():
        until(lambda: all_over(task_rows(bench)))
    assert [row.state for row in task_rows(bench)] == [DeliveryState.SKIPPED]
    assert calls("task.never") == []


def test_a_task_runs_where_its_module_is_on(make_bench: MakeBench) -> None:
    bench = make_bench("background")
    with bench.runner():
        switch(bench, on=True)
        enqueue(bench, "remember", name="hello")
        run = until(lambda: calls("task.hello"))[0]
        until(lambda: all_over(task_rows(bench)))
    assert run.platform_id == bench.platform_id
    assert [row.module for row in task_rows(bench) if row.task.endswith("remember")] == ["listener"]


def test_a_task_that_fails_is_tried_again_and_given_up(make_bench: MakeBench) -> None:
    bench = make_bench("background")
    with bench.runner():
        switch(bench, on=True)
        run = enqueue(bench, "give_up")
        until(lambda: all_over(task_rows(bench)))
    row = next(row for row in task_rows(bench) if row.id == run)
    assert (row.state, row.attempts, row.error) == (DeliveryState.FAILED, 3, "RuntimeError: too hard")
    assert len(calls("task.give_up")) == 3


def test_a_task_that_ends_its_process_is_tried_again(make_bench: MakeBench) -> None:
    bench = make_bench("background", lease_s=3600.0)
    with bench.runner():
        switch(bench, on=True)
        enqueue(bench, "vanish")
        until(lambda: len(calls("task.vanish")) == 2)
        until(lambda: all_over(task_rows(bench)))
    row = next(row for row in task_rows(bench) if row.task.endswith("vanish"))
    assert (row.state, row.attempts) == (DeliveryState.SUCCEEDED, 2)


def test_a_task_leaves_only_with_its_transaction(make_bench: MakeBench) -> None:
    bench = make_bench("background")
    with pytest.raises(ZeroDivisionError), bench.app.app_context(), unit_of_work():
        the_task("remember").enqueue(bench.platform_id, name="never")
        raise ZeroDivisionError
    assert task_rows(bench) == []


def test_a_later_task_waits_for_its_time(make_bench: MakeBench) -> None:
    bench = make_bench("background")
    with bench.runner():
        switch(bench, on=True)
        with bench.app.app_context():
            run = the_task("remember").enqueue(bench.platform_id, delay_s=3600.0, name="later")
            the_task("remember").enqueue(bench.platform_id, delay_s=0.2, name="soon")
        until(lambda: calls("task.soon"))
    row = next(row for row in task_rows(bench) if row.id == run)
    assert row.state is DeliveryState.PENDING
    assert calls("task.later") == []


def test_a_periodic_task_runs_once_a_slot_where_its_module_is_on(make_bench: MakeBench) -> None:
    bench = make_bench("background")
    south = bench.add_platform("south")
    with bench.runner(kind="wait"):
        switch(bench, on=True)
    now = bench.rt.clock()
    bench.rt.clock = lambda: now
    assert PeriodicTasks(bench.app).enqueue() == 1
    assert PeriodicTasks(bench.app).enqueue() == 0, "another consumer in the same hour"
    bench.rt.clock = lambda: now + timedelta(hours=1)
    hours = PeriodicTasks(bench.app)
    assert (hours.enqueue(), hours.enqueue()) == (1, 0)
    runs = [row for row in task_rows(bench) if row.task.endswith("hourly")]
    assert {row.platform_id for row in runs} == {bench.platform_id}
    assert south != bench.platform_id


def test_two_runners_run_a_periodic_task_once_a_slot(make_bench: MakeBench) -> None:
    bench = make_bench("background")
    with bench.runner(kind="wait"):
        switch(bench, on=True)
    with bench.runner(workers=1), bench.runner(workers=1):
        until(lambda: bench.runners() == 2)
        until(lambda: calls("task.hourly"))
    assert len(calls("task.hourly")) == 1


def test_a_task_called_directly_just_runs(make_bench: MakeBench) -> None:
    bench = make_bench("background")
    the_task("remember")(bench.platform_id, name="direct")
    assert len(calls("task.direct")) == 1


def test_two_tasks_of_one_name_are_refused() -> None:
    def twice(platform_id: int) -> None:
        raise AssertionError(platform_id)

    first = task(twice)

    def twice(platform_id: int) -> None:  # type: ignore[no-redef]  # that is the point
        raise AssertionError(platform_id)

    assert task(first.function).name == first.name
    with pytest.raises(DefinitionError, match="give each its own name"):
        task(twice)


@pytest.mark.parametrize("every_s", [0, -5, 1.5])
def test_a_period_is_whole_seconds(every_s: object) -> None:
    def never(platform_id: int) -> None:
        raise AssertionError(platform_id)

    with pytest.raises(DefinitionError, match="whole seconds"):
        periodic_task(every_s=every_s)(never)  # type: ignore[arg-type]  # that is the point
