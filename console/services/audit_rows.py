"""Reads the rows of the audit as they lie in the table, so that one that was meddled with is a finding, not a crash."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Text, cast, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from console.storage.tables import AuditEntry
from console.storage.tables.audit import INSTANCE

NOWHERE = -1
"""The chain of rows whose platform is none."""
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """A row as it lies in the table: where a column holds what the console never wrote, that stands here as it is."""

    id: int
    platform_id: int | None
    platform: str
    at: datetime | str
    actor: str
    source: str
    action: str
    target: str
    reason: str
    request_id: str | None
    operation_id: int | None
    before: object
    after: object
    once: str | None
    count: int
    count_seal: str
    place: int
    previous: str
    seal: str = field(repr=False)


def _raw(name: str) -> ColumnElement[object]:
    """A column as it lies there: JSON as its text, the rest without the type that would refuse what is none."""
    column = getattr(AuditEntry, name)
    found: ColumnElement[object] = (
        cast(column, Text) if name in ("before", "after") else type_coerce(column, NullType())
    )
    return found.label(name)


_COLUMNS = [_raw(each.name) for each in fields(ReadEntry)]


def entries(session: Session) -> Iterator[ReadEntry]:
    """Every row, chain by chain, in the order of their places; few are in memory at once."""
    found = select(*_COLUMNS).order_by(AuditEntry.platform_id, AuditEntry.place, AuditEntry.id)
    yield from map(_read, session.execute(found.execution_options(yield_per=_BATCH)).mappings())


def _read(row: RowMapping) -> ReadEntry:
    given: dict[str, Any] = {str(name): value for name, value in row.items()}  # of any type, after a stranger's hand
    given |= {"at": _time(given["at"]), "before": _json(given["before"]), "after": _json(given["after"])}
    given |= {name: each if isinstance(each := given[name], int) else NOWHERE for name in ("id", "place", "count")}
    given |= {name: str(given[name]) for name in ("count_seal", "previous", "seal")}
    return ReadEntry(**given)


def _time(value: object) -> datetime | str:
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(str(value)).replace(tzinfo=UTC)
    except ValueError:
        return str(value)


def _json(value: object) -> object:
    try:
        return None if value is None else json.loads(str(value))
    except ValueError:
        return str(value)


def chain_of(entry: ReadEntry) -> int:
    """The chain that the row is in by its platform, ``NOWHERE`` when that is none."""
    chain: object = entry.platform_id
    if chain is None:
        return INSTANCE
    return chain if isinstance(chain, int) and chain > INSTANCE else NOWHERE
