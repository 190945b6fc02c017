"""Waiting after wrong logins is in the database: all processes and threads count together, also over a restart."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest

from console.domain.waiting import LIMITS, Tried
from console.domain.words import Role
from console.errors import TooManyTries
from console.services import audit, opaque, sealed, throttle, users
from console.services.throttle import Try
from console.storage.tables import LoginThrottle, SpentProof
from tests.services.bench import ANNA, Bench, module
from tests.services.conftest import MakeBench
from tests.services.trying import BOB, start

FREE = LIMITS[Tried.ACCOUNT].free
THREADS = 4


@pytest.fixture
def bench(make: MakeBench) -> Bench:
    return make(module("orders"), busy_timeout_s=60.0)  # many write at once here, on whatever machine


def tried(bench: Bench, given: Try = BOB, *, right: bool = False) -> int:
    """How long the try has to wait; 0 when it was admitted."""
    try:
        with bench.unit() as uow:
            throttle.admit(uow, bench.rt, given, bench.now)
        if right:
            with bench.unit() as uow:
                throttle.was_right(uow, bench.rt, given, bench.now)
    except TooManyTries as error:
        return error.retry_after_s
    return 0


def test_an_account_waits_longer_with_each_wrong_try_wherever_they_come_from(bench: Bench) -> None:
    for number in range(FREE):
        assert tried(bench, Try(" Bob@Example.com", f"192.0.2.{number}")) == 0
    assert tried(bench) == 0, "the one that makes the next ones wait"
    first = tried(bench)
    assert first == LIMITS[Tried.ACCOUNT].first_s
    assert tried(bench) == first, "a refused try is not counted"
    bench.pass_s(first)
    assert tried(bench) == 0
    assert tried(bench) == 2 * first
    assert tried(bench, Try("eve@example.com", BOB.address)) == 0, "others do not wait"


def test_an_address_waits_whatever_account_it_tries_and_an_ipv6_site_is_one_address(bench: Bench) -> None:
    for number in range(LIMITS[Tried.ADDRESS].free + 1):
        assert tried(bench, Try(f"{number}@example.com", f"2001:db8::{number:x}")) == 0
    assert tried(bench, Try("new@example.com", "2001:db8:0:0:ffff::1")) > 0
    assert tried(bench, Try("new@example.com", "2001:db8:0:1::1")) == 0


def test_all_together_wait_when_the_whole_console_is_tried(bench: Bench) -> None:
    with bench.unit() as uow:
        throttle.admit(uow, bench.rt, BOB, bench.now)
        row = uow.session.get_one(LoginThrottle, (Tried.ALL.value, throttle._key(bench.rt, Tried.ALL, "")[1]))
        row.level = LIMITS[Tried.ALL].free
    assert tried(bench) == 0
    assert tried(bench, Try("ann@example.com", "198.51.100.1")) > 0


def test_a_right_password_clears_the_account_and_not_the_address(bench: Bench) -> None:
    for _try in range(FREE):
        tried(bench)
    assert tried(bench, right=True) == 0
    for _try in range(FREE):
        assert tried(bench) == 0
    levels = {row.kind: row.level for row in bench.session.query(LoginThrottle)}
    assert levels[Tried.ADDRESS.value] == pytest.approx(2 * FREE)


def test_codes_are_counted_apart_so_that_a_known_password_resets_nothing(bench: Bench) -> None:
    code = Try(BOB.account, BOB.address, Tried.CODE)
    for _try in range(FREE + 1):
        assert tried(bench, right=True) == 0
        assert tried(bench, code) == 0
    assert tried(bench, right=True) == 0
    assert tried(bench, code) > 0


def test_nothing_that_was_typed_can_be_read_from_the_database(bench: Bench) -> None:
    tried(bench, Try("hunter2-typed-in-the-wrong-field", "192.0.2.7"))
    rows = [row.subject for row in bench.session.query(LoginThrottle)]
    assert len(rows) == 3
    assert all(len(row) == 32 for row in rows)
    assert opaque.digest("account:hunter2-typed-in-the-wrong-field") not in rows


def test_an_admin_unlocks_an_account_and_the_audit_has_it(bench: Bench) -> None:
    with bench.unit() as uow:
        user = users.create(uow, BOB.account, role=Role.INSTANCE_ADMIN, actor=ANNA, now=bench.now)
        user_id = user.id
    for _try in range(FREE + 1):
        tried(bench)
    assert tried(bench) > 0
    with bench.unit() as uow:
        throttle.unlock(uow, bench.rt, user_id, actor=ANNA, now=bench.now)
    assert tried(bench) == 0
    entry = audit.listing(bench.session, None, action="users.unlock")[0]
    assert (entry.actor, entry.target) == (ANNA.name, BOB.account)


def test_tries_that_come_at_once_count_as_those_that_come_one_after_the_other(bench: Bench) -> None:
    admitted: list[int] = []
    gate = Barrier(THREADS)

    def storm() -> None:
        with bench.app.app_context():
            gate.wait(30)
            admitted.extend(1 for _try in range(3) if tried(bench) == 0)

    run(storm)
    assert len(admitted) == FREE + 1


def test_right_and_wrong_tries_at_once_never_wait_for_each_other(bench: Bench) -> None:
    ended: list[int] = []
    gate = Barrier(THREADS)

    def storm() -> None:
        with bench.app.app_context():
            gate.wait(30)
            ended.extend(tried(bench, right=turn % 2 == 0) for turn in range(4))

    run(storm)
    assert len(ended) == 4 * THREADS


def run(work: Callable[[], None]) -> None:
    """Do ``work`` in several threads to the end."""
    threads = [Thread(target=work) for _thread in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(150)


def test_two_processes_and_one_after_a_restart_count_together(bench: Bench, database_url: str) -> None:
    data_dir = bench.rt.settings.data_dir
    both = [start(database_url, data_dir) for _child in range(2)]
    said = [int(child.communicate(timeout=120)[0]) for child in both]
    assert sum(said) == FREE + 1
    assert start(database_url, data_dir).communicate(timeout=120)[0] == "0"


def test_what_has_leaked_away_is_deleted(bench: Bench) -> None:
    tried(bench)
    with bench.unit() as uow:
        throttle.forget_old(uow, bench.now + throttle.KEPT + timedelta(seconds=1))
    assert bench.count(LoginThrottle) == 0


def test_a_sealed_step_is_for_its_purpose_and_time_and_is_spent_once(bench: Bench) -> None:
    step = sealed.seal(bench.rt, "login", {"user": 7}, now=bench.now)
    assert (sealed.unseal(bench.rt, "login", step, now=bench.now) or {})["user"] == 7
    assert sealed.unseal(bench.rt, "app", step, now=bench.now) is None
    assert sealed.unseal(bench.rt, "login", step[:-6] + "AAAAAA", now=bench.now) is None
    assert sealed.unseal(bench.rt, "login", step, now=bench.now + sealed.LIVES) is None
    with bench.unit() as uow:
        assert sealed.spend(uow, step, now=bench.now)
    with bench.unit() as uow:
        assert not sealed.spend(uow, step, now=bench.now)
        assert sealed.spend(uow, "another", now=bench.now + sealed.LIVES)
    assert bench.count(SpentProof) == 1
