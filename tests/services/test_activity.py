"""Activity by day: counted in the days of whoever looks, of one platform, in one statement."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from console.domain.actor import SYSTEM
from console.domain.days import last_days
from console.services import activity, audit
from tests.services.bench import ANNA, START, Bench, Statements, module
from tests.services.conftest import MakeBench

PARIS = ZoneInfo("Europe/Paris")
HONOLULU = ZoneInfo("Pacific/Honolulu")


def shop(make: MakeBench) -> tuple[Bench, int]:
    bench = make(module("payments", hooks=True), module("ads"), hook_attempts=1)
    return bench, bench.platform()


def totals(bench: Bench, platform_id: int) -> dict[str, int]:
    found = activity.of_platform(bench.session, platform_id, last_days(bench.now, UTC, 30))
    return {each.measure: each.total for each in found}


def test_a_quiet_platform_has_thirty_zeros(make: MakeBench) -> None:
    bench, _acme = shop(make)
    found = activity.of_platform(bench.session, 999, last_days(bench.now, UTC, 30))
    assert [each.measure for each in found] == list(activity.MEASURES)
    assert {each.counts for each in found} == {(0,) * 30}


def test_what_people_did_is_counted_apart_from_what_followed(make: MakeBench) -> None:
    bench, acme = shop(make)
    before = totals(bench, acme)
    bench.accepted(acme, payments=True)
    bench.fail(bench.claimed(acme), RuntimeError("no network"))
    after = totals(bench, acme)
    assert {name: after[name] - before[name] for name in after} == {
        "operations": 1,
        "changes": 1,
        "failures": 1,
        "events": 0,
    }
    other = bench.platform("globex")
    assert totals(bench, acme) == after
    assert totals(bench, other)["failures"] == 0


def test_an_hour_belongs_to_the_day_of_whoever_looks(make: MakeBench) -> None:
    bench, acme = shop(make)
    with bench.unit() as uow:
        audit.record(uow, ANNA, action="config.save", target="ads", now=START + timedelta(hours=11.5), platform_id=acme)
        audit.record(uow, SYSTEM, action="config.save", target="ads", now=START, platform_id=acme)
    now = START + timedelta(days=1)

    def changes(zone: ZoneInfo) -> tuple[int, ...]:
        found = activity.of_platform(bench.session, acme, last_days(now, zone, 2))
        return next(each.counts for each in found if each.measure == "changes")

    assert [sum(changes(zone)) for zone in (PARIS, HONOLULU)] == [2, 2]  # the other one is the platform itself
    assert changes(PARIS) == (1, 1)
    assert changes(HONOLULU) == (2, 0)


def test_all_of_it_is_one_statement(make: MakeBench) -> None:
    bench, acme = shop(make)
    session = bench.session
    with Statements() as executed:
        activity.of_platform(session, acme, last_days(bench.now, PARIS, 30))
    assert len(executed) == 1


def test_the_days_of_a_time_change_are_as_long_as_they_are() -> None:
    days = last_days(datetime(2026, 3, 30, 12, tzinfo=UTC), PARIS, 3)
    assert [(each.end - each.start) / timedelta(hours=1) for each in days] == [24, 23, 24]
    assert [each.end for each in days[:-1]] == [each.start for each in days[1:]]
