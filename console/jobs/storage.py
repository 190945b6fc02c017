"""Huey's storage on the console's own tables, so that a message can join the transaction of its cause.

Source: Huey's ``BaseStorage``; its storage tests hold this class on both databases.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from datetime import datetime

from huey.constants import EmptyData
from huey.storage import BaseStorage
from sqlalchemy import ColumnElement, Connection, Engine, Select, Table, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from console.jobs.announce import announce
from console.storage.tables import huey_kv, huey_queue, huey_schedule

Key = str | bytes
_COUNTERS = "#counters"
_CHUNK = 500
_INSERTS: dict[str, Callable[[Table], sqlite.Insert | postgresql.Insert]] = {
    "postgresql": postgresql.insert,
    "sqlite": sqlite.insert,
}


def _text(key: Key) -> str:
    return key.decode() if isinstance(key, bytes) else key


def _insert_quietly(conn: Connection, queue: str, *, key: Key, value: bytes) -> bool:
    """Whether the key was free; the answer comes from RETURNING because row counts are not reliable everywhere."""
    row = _INSERTS[conn.dialect.name](huey_kv).values(queue=queue, key=_text(key), value=value)
    return conn.execute(row.on_conflict_do_nothing().returning(huey_kv.c.key)).first() is not None


class SqlHueyStorage(BaseStorage):  # type: ignore[misc]  # Huey has no types
    """Queue, schedule and key-value store of one Huey on ``huey_queue``, ``huey_schedule`` and ``huey_kv``.

    Args:
        name: Name of the queue; several may share the tables.
        engine: The application's engine; each call takes a connection of its own for one short transaction.
        on_enqueue: Called after a message was committed to the queue, to wake a worker.
        clock: Tells the time in seconds since the epoch; delays count from it.
        priority_of: The priority of a message: what is higher goes first. All are equal when omitted.
    """

    blocking = False
    priority = True

    def __init__(
        self,
        name: str = "console",
        *,
        engine: Engine,
        on_enqueue: Callable[[], None] | None = None,
        clock: Callable[[], float] = time.time,
        priority_of: Callable[[bytes], float] = lambda _data: 0.0,
    ) -> None:
        super().__init__(name)
        self._priority_of = priority_of
        self._engine = engine
        self._on_enqueue = on_enqueue
        self._clock = clock

    @contextmanager
    def _reading(self) -> Generator[Connection]:
        with self._engine.connect() as conn:
            yield conn

    @contextmanager
    def _writing(self) -> Generator[Connection]:
        with self._engine.connect().execution_options(console_write=True) as conn, conn.begin():
            yield conn

    def close(self) -> bool:
        """Drop every pooled connection, as Huey asks before it forks."""
        self._engine.dispose()
        return True

    def forget_connections(self) -> None:
        """Start with an empty pool after a fork, leaving the parent's connections alone."""
        self._engine.dispose(close=False)

    # --- messages in somebody's transaction --------------------------------------------------------------------------

    def send(self, session: Session, data: bytes, *, delay_s: float = 0.0) -> None:
        """Store a message in the transaction of ``session``: due at once, or in ``delay_s`` seconds."""
        connection = session.connection()
        if delay_s > 0:
            row = insert(huey_schedule).values(queue=self.name, data=data, due_s=self._clock() + delay_s)
        else:
            row = insert(huey_queue).values(queue=self.name, data=data, priority=self._priority_of(data))
        connection.execute(row)
        announce(connection, "schedule" if delay_s > 0 else "queue")

    def waiting(self, session: Session) -> frozenset[bytes]:
        """The messages in the queue, as the transaction of ``session`` sees them."""
        own = select(huey_queue.c.data).where(huey_queue.c.queue == self.name)
        return frozenset(bytes(data) for data in session.connection().execute(own).scalars())

    # --- queue -------------------------------------------------------------------------------------------------------

    def enqueue(self, data: bytes, priority: float | None = None) -> None:
        """Add a message in a transaction of its own and wake a worker."""
        with self._writing() as conn:
            conn.execute(insert(huey_queue).values(queue=self.name, data=data, priority=priority or 0.0))
            announce(conn, "queue")
        if self._on_enqueue is not None:
            self._on_enqueue()

    def _next(self) -> Select[int]:
        own = select(huey_queue.c.id).where(huey_queue.c.queue == self.name)
        return own.order_by(huey_queue.c.priority.desc(), huey_queue.c.id).limit(1)

    def dequeue(self) -> bytes | None:
        """Take the next message, each exactly once; an empty queue costs one read and no write lock."""
        with self._reading() as conn:
            if conn.execute(self._next()).first() is None:
                return None
        with self._writing() as conn:
            chosen = self._next().with_for_update(skip_locked=True).scalar_subquery()
            taken = conn.execute(delete(huey_queue).where(huey_queue.c.id == chosen).returning(huey_queue.c.data))
            row = taken.first()
            return None if row is None else bytes(row[0])

    def queue_size(self) -> int:
        """How many messages wait."""
        return self._count(huey_queue)

    def enqueued_items(self, limit: int | None = None) -> list[bytes]:
        """The waiting messages, next first."""
        own = select(huey_queue.c.data).where(huey_queue.c.queue == self.name)
        return self._blobs(own.order_by(huey_queue.c.priority.desc(), huey_queue.c.id).limit(limit))

    def flush_queue(self) -> None:
        """Forget every waiting message."""
        self._empty(huey_queue, self.name)

    # --- schedule ----------------------------------------------------------------------------------------------------

    def add_to_schedule(self, data: bytes, ts: datetime) -> None:
        """Add a message that is due at ``ts``."""
        with self._writing() as conn:
            conn.execute(insert(huey_schedule).values(queue=self.name, data=data, due_s=ts.timestamp()))
            announce(conn, "schedule")

    def read_schedule(self, ts: datetime) -> list[bytes]:
        """Take every message that is due at ``ts``, soonest first."""
        due = (huey_schedule.c.queue == self.name) & (huey_schedule.c.due_s <= ts.timestamp())
        order = (huey_schedule.c.due_s, huey_schedule.c.id)
        with self._reading() as conn:
            if conn.execute(select(huey_schedule.c.id).where(due).limit(1)).first() is None:
                return []
        with self._writing() as conn:
            found = select(huey_schedule.c.id, huey_schedule.c.data).where(due).order_by(*order)
            rows = conn.execute(found.with_for_update(skip_locked=True)).all()
            ids = [row.id for row in rows]
            for start in range(0, len(ids), _CHUNK):
                conn.execute(delete(huey_schedule).where(huey_schedule.c.id.in_(ids[start : start + _CHUNK])))
            return [bytes(row.data) for row in rows]

    def promote(self, now_s: float) -> int:
        """Move every message that is due into the queue, in one transaction, and wake a worker; how many moved."""
        due = (huey_schedule.c.queue == self.name) & (huey_schedule.c.due_s <= now_s)
        with self._reading() as conn:
            if conn.execute(select(huey_schedule.c.id).where(due).limit(1)).first() is None:
                return 0
        with self._writing() as conn:
            found = select(huey_schedule.c.id, huey_schedule.c.data).where(due).limit(_CHUNK)
            rows = conn.execute(found.order_by(huey_schedule.c.due_s).with_for_update(skip_locked=True)).all()
            for data in dict.fromkeys(bytes(row.data) for row in rows):
                priority = self._priority_of(data)
                conn.execute(insert(huey_queue).values(queue=self.name, data=data, priority=priority))
            conn.execute(delete(huey_schedule).where(huey_schedule.c.id.in_([row.id for row in rows])))
            announce(conn, "queue")
        if rows and self._on_enqueue is not None:
            self._on_enqueue()
        return len(rows)

    def next_due_s(self) -> float | None:
        """When the soonest scheduled message is due, in seconds since the epoch."""
        with self._reading() as conn:
            own = select(func.min(huey_schedule.c.due_s)).where(huey_schedule.c.queue == self.name)
            return conn.execute(own).scalar()

    def schedule_size(self) -> int:
        """How many messages wait for their time."""
        return self._count(huey_schedule)

    def scheduled_items(self, limit: int | None = None) -> list[bytes]:
        """The scheduled messages, soonest first."""
        own = select(huey_schedule.c.data).where(huey_schedule.c.queue == self.name)
        return self._blobs(own.order_by(huey_schedule.c.due_s, huey_schedule.c.id).limit(limit))

    def flush_schedule(self) -> None:
        """Forget every scheduled message."""
        self._empty(huey_schedule, self.name)

    # --- keys and counters -------------------------------------------------------------------------------------------

    def put_data(self, key: Key, value: bytes, is_result: bool = False) -> None:  # Huey's
        """Set a key, whatever it was."""
        with self._writing() as conn:
            if not _insert_quietly(conn, self.name, key=key, value=value):
                conn.execute(update(huey_kv).where(*self._at(key)).values(value=value))

    def peek_data(self, key: Key) -> object:
        """The value of a key, which stays; ``EmptyData`` when it is not set."""
        return self.peek_many([key]).get(_text(key), EmptyData)

    def peek_many(self, keys: Iterable[Key]) -> dict[str, bytes]:
        """The values of those keys that exist."""
        names = [_text(key) for key in keys]
        with self._reading() as conn:
            found = select(huey_kv.c.key, huey_kv.c.value).where(huey_kv.c.queue == self.name, huey_kv.c.key.in_(names))
            return {row.key: bytes(row.value) for row in conn.execute(found)}

    def pop_data(self, key: Key) -> object:
        """Take the value of a key, exactly once; ``EmptyData`` when it is not set."""
        if not self.has_data_for_key(key):
            return EmptyData
        with self._writing() as conn:
            row = conn.execute(delete(huey_kv).where(*self._at(key)).returning(huey_kv.c.value)).first()
            return EmptyData if row is None else bytes(row[0])

    def has_data_for_key(self, key: Key) -> bool:
        """Whether the key is set."""
        with self._reading() as conn:
            return conn.execute(select(huey_kv.c.key).where(*self._at(key))).first() is not None

    def put_if_empty(self, key: Key, value: bytes, ttl: float | None = None) -> bool:
        """Set a key that is free; whether it was.

        Raises:
            NotImplementedError: With a ``ttl``; nothing here expires.
        """
        if ttl is not None:
            raise NotImplementedError("ttl is not supported by this storage")
        with self._writing() as conn:
            return _insert_quietly(conn, self.name, key=key, value=value)

    def incr(self, key: Key, amount: int = 1) -> int:
        """Add to a counter and give its new value; counters live beside the keys, never among them."""
        queue = self.name + _COUNTERS
        where = (huey_kv.c.queue == queue, huey_kv.c.key == _text(key))
        with self._writing() as conn:
            if _insert_quietly(conn, queue, key=key, value=str(amount).encode()):
                return amount
            old = conn.execute(select(huey_kv.c.value).where(*where).with_for_update()).scalar_one()
            value = int(old) + amount
            conn.execute(update(huey_kv).where(*where).values(value=str(value).encode()))
            return value

    def delete_counter(self, key: Key) -> None:
        """Forget one counter."""
        with self._writing() as conn:
            conn.execute(delete(huey_kv).where(huey_kv.c.queue == self.name + _COUNTERS, huey_kv.c.key == _text(key)))

    def result_store_size(self) -> int:
        """How many keys are set."""
        return self._count(huey_kv)

    def result_items(self) -> dict[str, bytes]:
        """Every key with its value."""
        with self._reading() as conn:
            found = conn.execute(select(huey_kv.c.key, huey_kv.c.value).where(huey_kv.c.queue == self.name))
            return {row.key: bytes(row.value) for row in found}

    def flush_results(self) -> None:
        """Forget every key."""
        self._empty(huey_kv, self.name)

    def flush_counters(self) -> None:
        """Forget every counter."""
        self._empty(huey_kv, self.name + _COUNTERS)

    def take_turn(self, key: str, *, now_s: float, until_s: float) -> bool:
        """Whether ``key`` is due; then it is next due at ``until_s``, and everybody else who asks now is told no.

        A time much later than that was noted by a clock that has been set back since, and counts for nothing.
        """
        latest_s = until_s + (until_s - now_s)
        if self._is_ahead(self.peek_data(key), now_s, latest_s):
            return False
        value = repr(until_s).encode()
        with self._writing() as conn:
            if _insert_quietly(conn, self.name, key=key, value=value):
                return True
            noted = conn.execute(select(huey_kv.c.value).where(*self._at(key)).with_for_update()).scalar()
            if self._is_ahead(noted, now_s, latest_s):
                return False
            conn.execute(update(huey_kv).where(*self._at(key)).values(value=value))
            return True

    @staticmethod
    def _is_ahead(value: object, now_s: float, latest_s: float) -> bool:
        return isinstance(value, bytes) and now_s < float(value) <= latest_s

    # --- shared ------------------------------------------------------------------------------------------------------

    def _at(self, key: Key) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return huey_kv.c.queue == self.name, huey_kv.c.key == _text(key)

    def _count(self, table: Table) -> int:
        with self._reading() as conn:
            return conn.execute(select(func.count()).where(table.c.queue == self.name)).scalar_one()

    def _blobs(self, query: Select[bytes]) -> list[bytes]:
        with self._reading() as conn:
            return [bytes(blob) for blob in conn.execute(query).scalars()]

    def _empty(self, table: Table, queue: str) -> None:
        with self._writing() as conn:
            conn.execute(delete(table).where(table.c.queue == queue))
