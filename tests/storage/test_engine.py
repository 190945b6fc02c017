"""How transactions begin, and what happens to those who come too late."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, insert, select, text

from console.errors import Busy, OutsideUnitOfWork
from console.storage.base import db
from console.storage.engine import WRITE, storage_version
from console.storage.tables import InstanceMeta, Platform
from console.storage.uow import read_session, unit_of_work
from tests.storage.children import start
from tests.storage.conftest import MakeBare
from tests.storage.made import NOW, add_tenants

PRAGMAS = {"busy_timeout": 5000, "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0}


@pytest.fixture
def on_sqlite(database_kind: str) -> bool:
    return database_kind == "sqlite"


@contextmanager
def somebody_writes(app: Flask) -> Iterator[None]:
    """Another connection holds the first platform, as a writer in the middle of its work does."""
    with app.app_context(), db.engine.connect().execution_options(**{WRITE: True}) as other, other.begin():
        other.execute(text("UPDATE platforms SET name = 'Held' WHERE id = 1"))
        yield


def test_the_database_is_current(bare: Flask, on_sqlite: bool) -> None:
    """SQLite before 3.51.3 can damage a file in a race between checkpoints."""
    with bare.app_context():
        name, version = storage_version(db.engine).split()[:2]
    oldest = (3, 51, 3) if on_sqlite else (13,)
    assert name == ("SQLite" if on_sqlite else "PostgreSQL")
    assert tuple(int(part) for part in version.split(".")) >= oldest


def test_every_sqlite_connection_has_the_pragmas(bare: Flask, on_sqlite: bool) -> None:
    with bare.app_context(), db.engine.connect() as one, db.engine.connect() as two:
        if on_sqlite:
            for connection in (one, two):
                found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in PRAGMAS}
                assert found == PRAGMAS
        else:
            assert two.exec_driver_sql("SHOW lock_timeout").scalar_one() == "5s"


def test_a_unit_of_work_takes_its_turn_before_it_reads(make_bare: MakeBare, database_url: str, on_sqlite: bool) -> None:
    """BEGIN IMMEDIATE: with one unit open a second one on the file waits, and gives up in time, with nothing read."""
    app = make_bare(database_url, busy_timeout_s=0.1)
    with app.app_context(), unit_of_work():
        if on_sqlite:
            with app.app_context(), pytest.raises(Busy), unit_of_work():
                raise AssertionError("two units at once on one file")
        else:
            with app.app_context(), unit_of_work() as other:
                assert other.session.scalars(select(Platform)).all() == []


def test_a_held_row_is_busy_and_nothing_is_half_written(make_bare: MakeBare, database_url: str) -> None:
    app = make_bare(database_url, busy_timeout_s=0.1)
    with app.app_context():
        add_tenants()
    with somebody_writes(app), app.app_context():
        with pytest.raises(Busy) as caught, unit_of_work() as uow:
            uow.session.add(InstanceMeta(name="half", value="written"))
            uow.session.flush()
            uow.lock_platform(1).name = "Mine"
        assert (caught.value.status, caught.value.exit_code) == (503, 5)
        assert caught.value.details["retry_after_s"] == 5
    with app.app_context():
        assert read_session().get(InstanceMeta, "half") is None
        assert read_session().get_one(Platform, 1).name == "Held"


def test_after_busy_the_next_unit_writes(make_bare: MakeBare, database_url: str) -> None:
    app = make_bare(database_url, busy_timeout_s=0.1)
    with app.app_context():
        add_tenants()
        with somebody_writes(app), pytest.raises(Busy), unit_of_work() as uow:
            uow.lock_platform(1)
        with unit_of_work() as uow:
            uow.lock_platform(1).name = "Mine"
        assert read_session().get_one(Platform, 1).name == "Mine"


def test_readers_go_on_while_somebody_writes(bare: Flask) -> None:
    with bare.app_context():
        add_tenants()
    with somebody_writes(bare), bare.app_context():
        assert read_session().scalars(select(Platform.name).order_by(Platform.id)).first() == "North"


@pytest.mark.parametrize("road", ["text", "core", "driver", "connection"])
def test_a_reading_transaction_cannot_write(bare: Flask, road: str) -> None:
    row = insert(InstanceMeta).values(name="a", value="b")
    words = "INSERT INTO instance_meta (name, value) VALUES ('a', 'b')"
    with bare.app_context():
        session = read_session()
        roads: dict[str, Callable[[], object]] = {
            "text": lambda: session.execute(text(words)),
            "core": lambda: session.execute(row),
            "driver": lambda: session.connection().exec_driver_sql(words),
            "connection": lambda: session.connection().execute(row),
        }
        with pytest.raises(OutsideUnitOfWork):
            roads[road]()
        session.rollback()
        assert session.get(InstanceMeta, "a") is None


def test_a_pooled_connection_reads_again_after_it_wrote(bare: Flask) -> None:
    """The same connection serves writers and readers in turn; the refusal comes back with the reader."""
    with bare.app_context():
        add_tenants()
        for _ in range(3):
            with pytest.raises(OutsideUnitOfWork):
                read_session().execute(text("DELETE FROM vendors"))
            with unit_of_work() as uow:
                uow.lock_platform(1).revision += 1
        assert read_session().get_one(Platform, 1).revision == 3


def test_a_reading_transaction_sees_one_moment(bare: Flask) -> None:
    """Else a list could tell the rows of one revision under the number of the next, and a client would keep them."""
    names = select(Platform.name).order_by(Platform.id)
    with bare.app_context():
        add_tenants()
        for number in range(3):  # the same connection, which has written in between
            before = read_session().scalars(names).all()
            with bare.app_context(), unit_of_work() as other:
                other.lock_platform(1).name = f"Renamed {number}"
            assert read_session().scalars(names).all() == before
            with unit_of_work() as uow:
                assert uow.lock_platform(1).name == f"Renamed {number}"


def test_processes_that_open_a_new_file_together_all_get_in(
    empty_database_url: str, data_dir: Path, on_sqlite: bool
) -> None:
    if not on_sqlite:
        assert empty_database_url.startswith("postgresql")
        return
    children = [start("open_file", empty_database_url, data_dir) for _ in range(4)]
    answers = [child.communicate("go\n")[0] for child in children]
    assert answers == ["wal"] * 4
    assert [child.returncode for child in children] == [0] * 4


def test_a_read_costs_no_statement_of_ours(bare: Flask) -> None:
    """What the console adds to a transaction (BEGIN, the read-only switch) goes past SQLAlchemy."""
    seen: list[str] = []
    with bare.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
        read_session().scalars(select(Platform.id)).all()
        assert len(seen) == 1


def test_times_are_given_back_aware(bare: Flask) -> None:
    with bare.app_context():
        add_tenants()
        assert read_session().get_one(Platform, 1).created_at == NOW
