"""The unit of work: the only way to write, once, and all or nothing."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import insert, select, update

from console.errors import OutsideUnitOfWork, Unknown
from console.storage.base import db
from console.storage.tables import InstanceMeta, Platform
from console.storage.uow import current_uow, end_read, read_session, unit_of_work
from tests.storage.children import TURNS, start
from tests.storage.made import NOW, add_tenants


def meta(name: str) -> InstanceMeta:
    return InstanceMeta(name=name, value="1")


def names() -> list[str]:
    end_read()
    return list(read_session().scalars(select(InstanceMeta.name).where(InstanceMeta.value == "1")))


def test_what_returns_is_committed_and_what_raises_is_not(bare: Flask) -> None:
    with bare.app_context():
        with unit_of_work() as uow:
            uow.session.add(meta("kept"))
        with pytest.raises(KeyError), unit_of_work() as uow:
            uow.session.add(meta("lost"))
            uow.session.flush()
            raise KeyError
        assert names() == ["kept"]


def test_an_inner_block_joins_and_the_outer_one_decides(bare: Flask) -> None:
    with bare.app_context():
        with pytest.raises(KeyError), unit_of_work() as outer:
            with unit_of_work() as inner:
                inner.session.add(meta("inner"))
            assert inner is outer is current_uow()
            raise KeyError
        assert names() == []


def test_actions_leave_after_the_commit_in_order_and_only_then(bare: Flask) -> None:
    left: list[object] = []
    with bare.app_context():
        with unit_of_work() as uow:
            uow.session.add(meta("done"))
            uow.after_commit(lambda: left.append(names()))
            uow.after_commit(lambda: left.append("second"))
            assert left == []
        assert left == [["done"], "second"]
        with pytest.raises(KeyError), unit_of_work() as uow:
            uow.after_commit(lambda: left.append("never"))
            raise KeyError
    assert left == [["done"], "second"]


def test_an_action_that_fails_keeps_no_other_from_leaving(bare: Flask, caplog: pytest.LogCaptureFixture) -> None:
    left: list[str] = []
    with bare.app_context(), caplog.at_level(logging.ERROR), unit_of_work() as uow:
        uow.after_commit(lambda: 1 / 0)
        uow.after_commit(lambda: left.append("went"))
    assert left == ["went"]
    assert "an action after the commit failed" in caplog.text


def test_rows_changed_outside_are_refused(bare: Flask) -> None:
    with bare.app_context():
        session = read_session()
        session.add(meta("stray"))
        with pytest.raises(OutsideUnitOfWork):
            session.flush()
        with pytest.raises(OutsideUnitOfWork), unit_of_work():
            raise AssertionError("began with changes of before")
        session.expunge_all()
        with pytest.raises(OutsideUnitOfWork):
            session.commit()
        with pytest.raises(OutsideUnitOfWork):
            session.execute(update(Platform).values(name="x"))
        session.rollback()
        assert names() == []


def test_only_the_end_of_the_block_commits(bare: Flask) -> None:
    with bare.app_context():
        with pytest.raises(OutsideUnitOfWork), unit_of_work() as uow:
            uow.session.add(meta("early"))
            uow.session.commit()
        assert names() == []


def test_a_transaction_ended_inside_is_an_error_not_a_loss(bare: Flask) -> None:
    with bare.app_context():
        with pytest.raises(OutsideUnitOfWork), unit_of_work() as uow:
            uow.session.add(meta("one"))
            uow.session.rollback()
        assert names() == []


def test_a_savepoint_may_fail_alone(bare: Flask) -> None:
    with bare.app_context():
        with unit_of_work() as uow:
            uow.session.add(meta("kept"))
            with pytest.raises(KeyError), uow.session.begin_nested():
                uow.session.add(meta("lost"))
                uow.session.flush()
                raise KeyError
            with uow.session.begin_nested():
                uow.session.add(meta("kept too"))
        assert sorted(names()) == ["kept", "kept too"]


def test_what_was_read_before_is_read_again_under_the_lock(bare: Flask) -> None:
    with bare.app_context():
        add_tenants()
        platform = read_session().get_one(Platform, 1)
        assert platform.name == "North"
        with bare.app_context(), unit_of_work() as other:
            other.lock_platform(1).name = "Renamed"
        with unit_of_work() as uow:
            assert platform.name == "Renamed"
            assert uow.lock_platform(1) is platform


def test_a_reader_sees_a_later_commit_after_end_read(bare: Flask) -> None:
    with bare.app_context():
        add_tenants()
        platform = read_session().get_one(Platform, 1)
        with bare.app_context(), unit_of_work() as other:
            other.lock_platform(1).name = "Renamed"
        assert platform.name == "North"
        end_read()
        assert platform.name == "Renamed"


def test_an_unknown_platform_cannot_be_locked(bare: Flask) -> None:
    with bare.app_context(), unit_of_work() as uow, pytest.raises(Unknown):
        uow.lock_platform(7)


def test_nothing_is_open_outside(bare: Flask) -> None:
    with bare.app_context():
        with pytest.raises(OutsideUnitOfWork):
            current_uow()
        with unit_of_work() as uow:
            uow.session.execute(insert(Platform).values(slug="a", name="A", revision=0, created_at=NOW))
        with pytest.raises(OutsideUnitOfWork):
            current_uow()


def test_two_processes_lose_no_update(bare: Flask, database_url: str, data_dir: Path) -> None:
    with bare.app_context():
        add_tenants()
    children = [start("count_up", database_url, data_dir) for _ in range(2)]
    for child in children:
        child.communicate()
    assert [child.returncode for child in children] == [0, 0]
    with bare.app_context():
        assert db.session.get_one(Platform, 1).revision == 2 * TURNS
