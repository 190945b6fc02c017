"""Health rounds: each module's check once, under a deadline, whatever it does."""

from __future__ import annotations

from console.domain.words import HealthStatus
from console.jobs.health import start_round
from console.services import health
from console.services.health import HealthView
from console.storage.uow import read_session
from tests.jobs.conftest import MakeBench
from tests.support.bench import Bench
from tests.support.calls import calls
from tests.support.waiting import until

CHECKED = {"well", "ill", "odd", "stuck", "dying", "perplatform"}


def reports(bench: Bench) -> dict[str, HealthView]:
    with bench.app.app_context():
        found = health.latest(read_session(), bench.platform_id)
    return {code: view for code, view in found.items() if code in CHECKED}


def test_a_round_of_two_runners_asks_every_module_once(make_bench: MakeBench) -> None:
    bench = make_bench("health", health_timeout_s=3.0)  # a busy machine may hold the checks that do end up for a second
    on = bench.request(perplatform=True)
    with bench.runner(kind="wait"):
        bench.succeeded(on)
    with bench.runner(), bench.runner(workers=1):
        until(lambda: bench.runners() == 2)
        until(lambda: set(reports(bench)) == CHECKED, what=lambda: reports(bench))
    found = reports(bench)
    assert (found["well"].status, found["well"].message) == (HealthStatus.DEGRADED, "one of two")
    assert found["well"].details == {"up": 1}
    assert (found["ill"].status, found["ill"].message) == (HealthStatus.UNHEALTHY, "ConnectionError: no route")
    assert found["odd"].status is HealthStatus.UNHEALTHY
    assert "written wrongly" in found["odd"].message
    assert found["stuck"].status is HealthStatus.UNHEALTHY
    assert "did not end in time" in found["stuck"].message
    assert found["dying"].status is HealthStatus.UNHEALTHY
    assert "ended its process" in found["dying"].message
    assert found["perplatform"].status is HealthStatus.HEALTHY
    assert {code: len(calls(f"{code}.health_check")) for code in CHECKED} == dict.fromkeys(CHECKED, 1)


def test_a_report_of_a_platform_is_its_own(make_bench: MakeBench) -> None:
    bench = make_bench("health", health_timeout_s=0.5)
    south = bench.add_platform("south")
    on = bench.request(perplatform=True)
    with bench.runner(kind="wait"):
        bench.succeeded(on)
    with bench.runner():
        until(lambda: "perplatform" in reports(bench))
    with bench.app.app_context():
        assert "perplatform" not in health.latest(read_session(), south)


def test_several_consumers_make_one_round(make_bench: MakeBench) -> None:
    bench = make_bench("health", health_every_s=3600.0)
    assert start_round(bench.app)
    assert not start_round(bench.app)
