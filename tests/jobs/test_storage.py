"""Huey's own storage tests, on both databases; and what the console's storage adds to them."""

from __future__ import annotations

import unittest
from collections.abc import Iterator

import pytest
from flask import Flask
from huey import Huey
from huey.consumer import Consumer
from huey.tests.base import BaseTestCase
from huey.tests.test_storage import StorageTests
from sqlalchemy import Engine

from console.jobs.state import jobs_of, runtime_of
from console.jobs.storage import SqlHueyStorage
from console.services.runtime import Message
from console.storage.base import db
from console.storage.uow import unit_of_work

_CASE = unittest.TestCase()


@pytest.fixture
def engine(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


@pytest.fixture
def storage(engine: Engine) -> SqlHueyStorage:
    return SqlHueyStorage("test", engine=engine)


class _Helpers:
    """What Huey's tests find in a ``TestCase``, in a class that pytest can run on both databases."""

    assertEqual = staticmethod(_CASE.assertEqual)  # noqa: N815  # the names are unittest's
    assertTrue = staticmethod(_CASE.assertTrue)  # noqa: N815
    assertFalse = staticmethod(_CASE.assertFalse)  # noqa: N815
    assertRaises = staticmethod(_CASE.assertRaises)  # noqa: N815
    consumer_class = Consumer
    consumer = BaseTestCase.consumer
    consumer_context = BaseTestCase.consumer_context

    def setUp(self) -> None:
        """The end of the chain of Huey's set-ups."""

    def tearDown(self) -> None:
        """The end of the chain of Huey's tear-downs."""


class TestHueysOwnTests(StorageTests, _Helpers):  # type: ignore[misc]  # Huey has no types
    supports_ttl = False

    @pytest.fixture(autouse=True)
    def _around(self, engine: Engine) -> Iterator[None]:
        self.huey = Huey("huey-tests", utc=False, storage_class=SqlHueyStorage, engine=engine)
        self.setUp()
        yield
        self.tearDown()


def test_a_message_leaves_with_the_transaction_that_sent_it(app: Flask, storage: SqlHueyStorage) -> None:
    with app.app_context(), unit_of_work() as uow:
        storage.send(uow.session, b"now")
        storage.send(uow.session, b"later", delay_s=60)
        assert storage.queue_size() == 0
    assert storage.enqueued_items() == [b"now"]
    assert storage.scheduled_items() == [b"later"]


def test_a_message_of_a_transaction_that_fails_never_was(app: Flask, storage: SqlHueyStorage) -> None:
    with pytest.raises(ZeroDivisionError), app.app_context(), unit_of_work() as uow:
        storage.send(uow.session, b"now")
        storage.send(uow.session, b"later", delay_s=60)
        raise ZeroDivisionError
    assert (storage.queue_size(), storage.schedule_size()) == (0, 0)


def test_what_is_due_moves_into_the_queue_once(app: Flask, storage: SqlHueyStorage) -> None:
    with app.app_context(), unit_of_work() as uow:
        for data, delay_s in ((b"second", 2.0), (b"first", 1.0), (b"first", 1.5), (b"third", 60.0)):
            storage.send(uow.session, data, delay_s=delay_s)
    soonest = storage.next_due_s()
    assert soonest is not None
    assert storage.promote(soonest - 0.5) == 0
    assert storage.promote(soonest + 10.0) == 3
    assert storage.enqueued_items() == [b"first", b"second"]
    assert storage.scheduled_items() == [b"third"]


@pytest.mark.parametrize("delay_s", [0.0, 1.0], ids=["at once", "after a wait"])
def test_a_switch_passes_the_events_that_wait_and_the_sweep_passes_all(app: Flask, delay_s: float) -> None:
    jobs = jobs_of(app)
    sent = [
        Message("delivery", 1),
        Message("task", 2),
        Message("platform", 3),
        Message("delivery", 4),
        Message("sweep"),
    ]
    with app.app_context(), unit_of_work() as uow:
        for message in sent:
            runtime_of(app).messenger.send(uow.session, message, delay_s=delay_s)
    jobs.storage.promote(runtime_of(app).clock().timestamp() + 60.0)
    taken = [jobs.huey.dequeue() for _message in sent]
    assert [task.id for task in taken] == ["sweep:0:", "platform:3:", "delivery:1:", "task:2:", "delivery:4:"]


def test_an_empty_schedule_has_no_next_time(storage: SqlHueyStorage) -> None:
    assert storage.next_due_s() is None


def test_a_turn_is_taken_by_one(engine: Engine) -> None:
    first, second = SqlHueyStorage("test", engine=engine), SqlHueyStorage("test", engine=engine)
    assert first.take_turn("round", now_s=100.0, until_s=160.0)
    assert not second.take_turn("round", now_s=120.0, until_s=180.0)
    assert second.take_turn("round", now_s=160.0, until_s=220.0)
    assert not first.take_turn("round", now_s=170.0, until_s=230.0)
    assert first.take_turn("round", now_s=20.0, until_s=80.0), "the clock was set back by minutes"
    assert not second.take_turn("round", now_s=30.0, until_s=90.0)


def test_queues_do_not_see_each_other(engine: Engine) -> None:
    mine, other = SqlHueyStorage("mine", engine=engine), SqlHueyStorage("other", engine=engine)
    mine.enqueue(b"message")
    mine.put_data("key", b"value")
    assert mine.incr("key") == 1
    assert (other.dequeue(), other.result_items(), other.incr("key")) == (None, {}, 1)
    assert mine.dequeue() == b"message"
