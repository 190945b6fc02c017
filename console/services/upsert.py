"""Insert or update in one statement, on both databases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from console.storage.base import Base
from console.storage.uow import UnitOfWork


def upsert(uow: UnitOfWork, table: type[Base], values: Mapping[str, object], *, key: Sequence[str]) -> None:
    """Write one row of ``table``, whether the row with that key exists or not.

    Args:
        values: Column → value, the key's columns included.
        key: The columns of a unique constraint.
    """
    on_postgres = uow.session.get_bind().dialect.name == "postgresql"
    insert = (postgres_insert if on_postgres else sqlite_insert)(table).values(**values)
    rest = {name: value for name, value in values.items() if name not in key}
    uow.session.execute(insert.on_conflict_do_update(index_elements=list(key), set_=rest))
