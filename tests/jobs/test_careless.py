"""Modules that say what cannot be stored, and leave behind what nobody needs."""

from __future__ import annotations

import time

import pytest

from console.domain.words import HealthStatus
from console.services import health
from console.services.health import HealthView
from console.storage.uow import read_session
from tests.jobs.conftest import MakeBench
from tests.support.bench import Bench, end, is_running
from tests.support.calls import calls
from tests.support.waiting import until


def test_a_failure_that_cannot_be_stored_as_it_is_is_still_recorded_at_once(make_bench: MakeBench) -> None:
    bench = make_bench("said", hook_attempts=2, lease_s=3600.0)
    with bench.runner(workers=1):
        failed = bench.failed(bench.request(garbled=True))
    assert failed.error is not None
    assert (failed.attempts, failed.error.kind) == (2, "ValueError")
    assert failed.error.message.startswith("lone \\ud800 and \\x00, long")
    assert len(failed.error.message) == 2000


def report(bench: Bench) -> HealthView | None:
    with bench.app.app_context():
        return health.latest(read_session()).get("garbled")


def test_a_report_that_cannot_be_stored_as_it_is_is_still_stored(make_bench: MakeBench) -> None:
    bench = make_bench("said")
    with bench.runner():
        found = until(lambda: report(bench))
    assert (found.status, len(found.message)) == (HealthStatus.DEGRADED, 2000)
    assert found.details["a\\x00"][0] == "\\ud800"  # type: ignore[index]  # a list


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_what_a_hook_leaves_behind_ends_with_the_runner_and_holds_nobody_up(make_bench: MakeBench) -> None:
    bench = make_bench("said")
    with bench.runner(workers=1) as runner:
        bench.succeeded(bench.request(leftover=True))
        (child,) = (call.platform_id for call in calls("leftover.child"))
        assert is_running(child)
        began = time.monotonic()
        assert end(runner) == 0
    assert time.monotonic() - began < 10.0
    until(lambda: not is_running(child))
