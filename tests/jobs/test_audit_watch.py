"""The daily look at the audit: a runner finds a tamper that nobody asked about, once for all runners."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, update

from console.checks.doctor import Patient, examine
from console.domain.words import Role
from console.jobs.audit_watch import WATCHER, start_watch, watch
from console.jobs.state import jobs_of
from console.services import audit_verify
from console.services.audit_verify import Standing
from console.storage.tables import AuditEntry
from console.storage.tables.queue import huey_kv, huey_queue
from console.storage.uow import read_session, unit_of_work
from console.testing.people import log_in
from tests.jobs.conftest import MakeBench
from tests.support.bench import Bench
from tests.support.waiting import until

DAY = timedelta(days=1)


def standing(bench: Bench) -> Standing:
    with bench.app.app_context():
        return audit_verify.standing(read_session(), None)


def tamper(bench: Bench) -> None:
    with bench.app.app_context(), unit_of_work() as uow:
        first = select(func.min(AuditEntry.id)).scalar_subquery()
        uow.session.execute(update(AuditEntry).where(AuditEntry.id == first).values(actor="nobody"))


def asked(bench: Bench) -> int:
    """How many messages wait, each counted once and taken away."""
    with bench.app.app_context(), unit_of_work() as uow:
        found = uow.session.scalar(select(func.count()).select_from(huey_queue)) or 0
        uow.session.connection().execute(huey_queue.delete())
    return found


def set_clock(bench: Bench, off: timedelta) -> None:
    bench.rt.clock = lambda: datetime.now(UTC) + off


def test_a_runner_looks_by_itself_and_what_it_finds_is_told(make_bench: MakeBench) -> None:
    bench = make_bench("hooks", audit_every_s=0.5)
    with bench.runner():
        until(lambda: standing(bench).at is not None)
        assert (standing(bench).by, standing(bench).findings) == (WATCHER, 0)
        client = bench.app.test_client()
        assert client.get("/readyz").get_json()["audit"] == "ok"
        tamper(bench)
        until(lambda: standing(bench).findings > 0)
    ready = client.get("/readyz").get_json()
    assert (ready["audit"], ready["status"]) == ("broken", "degraded")
    with bench.app.app_context():
        said = {each.id: each.answer.level.value for each in examine(Patient(bench.rt.settings, bench.app))}
    assert said["DOC040"] == "error"
    page = log_in(bench.app, Role.INSTANCE_ADMIN).get("/instance/").get_data(as_text=True)
    assert "The audit was changed from outside." in page


def test_of_all_who_ask_one_is_heard_until_the_look_is_old(make_bench: MakeBench) -> None:
    bench = make_bench("hooks")
    asked(bench)
    assert [start_watch(bench.app) for _ in range(3)] == [True, False, False]
    assert asked(bench) == 1
    watch(bench.app)
    with bench.app.app_context(), unit_of_work() as uow:
        uow.session.connection().execute(huey_kv.delete())  # whoever had the turn has ended
    assert not start_watch(bench.app)
    set_clock(bench, DAY - timedelta(minutes=5))
    assert not start_watch(bench.app)
    set_clock(bench, DAY + timedelta(minutes=5))
    assert start_watch(bench.app)


def test_a_look_that_died_is_due_again_within_the_hour(make_bench: MakeBench) -> None:
    bench = make_bench("hooks")
    assert start_watch(bench.app)
    jobs_of(bench.app).storage.flush_queue()  # the message is lost, and with it the look
    set_clock(bench, timedelta(minutes=50))
    assert not start_watch(bench.app)
    set_clock(bench, timedelta(minutes=70))
    assert start_watch(bench.app)


def test_looking_twice_changes_nothing_but_the_time(make_bench: MakeBench) -> None:
    bench = make_bench("hooks")
    tamper(bench)
    watch(bench.app)
    first = standing(bench)
    watch(bench.app)
    second = standing(bench)
    assert (first.findings, first.by) == (second.findings, second.by) == (1, WATCHER)
    assert first.at is not None
    assert second.at is not None
    assert second.at > first.at


def test_an_empty_audit_and_a_clock_that_was_set_back(make_bench: MakeBench) -> None:
    bench = make_bench("hooks")
    with bench.app.app_context():
        before = read_session().scalar(select(func.count()).select_from(AuditEntry))
    assert before  # the platform of the bench
    watch(bench.app)
    set_clock(bench, -DAY)  # a look from a time that is yet to come is none
    assert start_watch(bench.app)
