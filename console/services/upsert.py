"""Insert or update in one statement, on both databases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.dialects import postgresql as postgres
from sqlalchemy.dialects import sqlite

from console.storage.base import Base
from console.storage.uow import UnitOfWork


def upsert(
    uow: UnitOfWork, table: type[Base], values: Mapping[str, object], *, key: Sequence[str], keep: bool = False
) -> None:
    """Write one row of ``table``, whether the row with that key exists or not.

    Args:
        values: Column → value, the key's columns included.
        key: The columns of a unique constraint.
        keep: Leave a row that exists as it is, and lock it.
    """
    insert = _insert(uow, table).values(**values)
    rest = {name: value for name, value in values.items() if (name in key) is keep}
    uow.session.execute(insert.on_conflict_do_update(index_elements=list(key), set_=rest))


def insert_once(uow: UnitOfWork, table: type[Base], values: Mapping[str, object], *, key: Sequence[str]) -> bool:
    """Write one row of ``table`` unless there is one with that key; whether it was written."""
    insert = _insert(uow, table).values(**values).on_conflict_do_nothing(index_elements=list(key))
    return uow.session.execute(insert.returning(*(getattr(table, name) for name in key))).first() is not None


def _insert(uow: UnitOfWork, table: type[Base]) -> postgres.Insert | sqlite.Insert:
    on_postgres = uow.session.get_bind().dialect.name == "postgresql"
    return postgres.insert(table) if on_postgres else sqlite.insert(table)
