"""What a toggle costs, in numbers without noise: one commit, one sync, and statements that do not grow."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from console.domain.actor import SYSTEM
from console.domain.plan_types import ChangeRequest
from console.services import operations, platforms
from console.services.runtime import Runtime
from console.storage.base import db
from console.storage.tables import huey_queue
from console.storage.uow import end_read, read_session, unit_of_work
from tests.services.bench import Bench, Statements, module
from tests.services.conftest import MakeBench

_WAL_HEADER = struct.Struct(">8I")
_FRAME_HEADER = struct.Struct(">6I")


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


def commits_in_wal(path: Path) -> int:
    """The transactions in a WAL file; with ``synchronous=FULL`` SQLite syncs the file once for each.

    Source: https://sqlite.org/fileformat2.html#the_write_ahead_log
    """
    content = path.read_bytes()
    header = _WAL_HEADER.unpack_from(content)
    page_size, salts = header[2], header[4:6]
    found, at = 0, _WAL_HEADER.size
    while at + _FRAME_HEADER.size <= len(content):
        _page, size_after_commit, *rest = _FRAME_HEADER.unpack_from(content, at)
        if tuple(rest[:2]) != tuple(salts):
            break
        found += size_after_commit > 0
        at += _FRAME_HEADER.size + page_size
    return found


def test_a_toggle_is_one_commit(make: MakeBench) -> None:
    bench = make(module("payments"), module("orders", "payments"))
    acme = bench.platform()
    with commits() as seen:
        bench.accepted(acme, orders=True)
    assert len(seen) == 1
    with commits() as seen:
        assert bench.ask(acme, orders=True) is None
    assert len(seen) == 1


def test_a_toggle_syncs_the_file_once(make: MakeBench, data_dir: Path, database_url: str) -> None:
    """State, steps, audit, wake-up and revision are one transaction of the WAL; on Postgres of its log."""
    bench = make(module("payments", hooks=True), module("orders", "payments"))
    acme = bench.platform()
    if not database_url.startswith("sqlite"):
        with commits() as seen:
            bench.accepted(acme, orders=True)
        assert len(seen) == 1
        return
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
    wal = next(data_dir.glob("*.db-wal"))
    before = commits_in_wal(wal)
    bench.accepted(acme, orders=True)
    assert commits_in_wal(wal) == before + 1


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
    assert alone <= 14
