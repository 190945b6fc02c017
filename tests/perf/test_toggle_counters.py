"""What a toggle costs, in numbers without noise: one commit, one sync, and statements that do not grow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from console.domain.actor import SYSTEM
from console.domain.plan_types import ChangeRequest
from console.domain.words import Role
from console.services import operations, platforms
from console.services.runtime import Runtime
from console.storage.base import db
from console.storage.tables import huey_queue
from console.storage.uow import end_read, read_session, unit_of_work
from console.testing.journeys import make_platform
from console.testing.people import log_in
from tests.services.bench import Bench, Statements, module
from tests.services.conftest import MakeBench
from tests.support.syncs import syncs_of
from tests.web.html import hidden_fields

ENABLE = {code: f"/admin/acme/modules/{code}/enable" for code in ("analytics", "orders")}


@contextmanager
def commits() -> Iterator[list[object]]:
    """Every commit that the engine makes inside the block."""
    seen: list[object] = []

    def note(connection: object) -> None:
        seen.append(connection)

    event.listen(db.engine, "commit", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "commit", note)


def test_a_toggle_is_one_commit(make: MakeBench) -> None:
    bench = make(module("payments"), module("orders", "payments"))
    acme = bench.platform()
    with commits() as seen:
        bench.accepted(acme, orders=True)
    assert len(seen) == 1
    with commits() as seen:
        assert bench.ask(acme, orders=True) is None
    assert len(seen) == 1


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_toggle_is_one_sync(app: Flask) -> None:
    """From the form's POST to the answer: state, steps, audit, wake-up and revision reach the disk together."""
    acme = make_platform(app, "acme", "Acme")
    admin = log_in(app, Role.PLATFORM_ADMIN, platform=acme)
    with app.app_context():
        db.engine.dispose()
    fields: dict[str, dict[str, str]] = {}

    def look() -> None:
        fields.update({code: hidden_fields(admin.get(url), url) for code, url in ENABLE.items()})

    def enable(code: str) -> None:
        assert admin.post(ENABLE[code], fields[code], HX_Request="true").status_code == 200

    def warm() -> None:
        log_in(app, Role.PLATFORM_ADMIN, platform=acme)  # writes: a log that begins is synced once more
        look()

    assert syncs_of(look, after=warm) == []
    assert len(syncs_of(lambda: enable("analytics"), after=warm)) == 1
    assert len(syncs_of(lambda: enable("orders"), after=warm)) == 1  # its first step waits for a runner, who is woken


def test_the_real_wake_up_joins_the_same_commit(app: Flask) -> None:
    """With the runners' own queue, which is told of the operation in its transaction."""
    rt: Runtime = app.extensions["console"]
    with app.app_context():
        with unit_of_work() as uow:
            acme = platforms.create(uow, rt, "acme", "Acme", actor=SYSTEM, now=rt.clock()).id
        waiting = read_session().scalar(select(func.count()).select_from(huey_queue)) or 0
        with commits() as seen, unit_of_work() as uow:
            operations.accept(uow, rt, acme, ChangeRequest({"orders": True}), actor=SYSTEM, now=rt.clock())
        end_read()
        assert read_session().scalar(select(func.count()).select_from(huey_queue)) == waiting + 1
        assert len(seen) == 1


def cost(bench: Bench, slug: str) -> int:
    """Statements of one toggle on a platform that has switched before."""
    platform_id = bench.platform(slug)
    bench.accepted(platform_id, other=True)
    with Statements() as executed:
        bench.accepted(platform_id, orders=True)
    return len(executed)


@pytest.mark.parametrize("hooks", [False, True])
def test_statements_do_not_grow_with_what_is_installed_or_on(make: MakeBench, *, hooks: bool) -> None:
    many = [module(f"m{number}") for number in range(60)]
    shop = [module("other"), module("payments", hooks=hooks), module("orders", "payments")]
    few = make(*shop)
    alone = cost(few, "acme")
    bench = make(*shop, *many)
    crowded = bench.platform("crowded")
    bench.accepted(crowded, **{each.code: True for each in many})
    assert cost(bench, "globex") == alone
    with Statements() as executed:
        bench.accepted(crowded, orders=True)
    assert len(executed) <= alone
    assert alone <= 17  # three of them put the entries at the ends of their chains
