"""Which rows of a module's tables are a platform's: by ``platform_id``, by their vendor, or by the row they hang on.

Source: the guide's tables as the console reads them: a row's tenant is its platform, else its vendor's platform; a row
with neither belongs to the instance.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, Table, and_, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from console.domain.registry import Registry
from console.services.plans import tables_of
from console.storage.base import Base
from console.storage.tables import Vendor
from console.storage.tenancy import system_scope

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class OwnedTable:
    """A table of a module.

    Args:
        condition: What holds for the platform's rows; None when the rows belong to no tenant.
    """

    table: Table
    condition: Condition | None

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table.name


def owned_tables(registry: Registry, code: str, platform_id: int) -> list[OwnedTable]:
    """The module's tables, each after those that it refers to."""
    conditions: dict[Table, Condition] = {}
    found = []
    for table in tables_of(registry, code):
        condition = _condition(table, platform_id, conditions)
        if condition is not None:
            conditions[table] = condition
        found.append(OwnedTable(table, condition))
    return found


def _condition(table: Table, platform_id: int, parents: Mapping[Table, Condition]) -> Condition | None:
    columns = table.c
    of_platform = columns.platform_id == platform_id if "platform_id" in columns else None
    of_vendor = None
    if "vendor_id" in columns:
        of_vendor = columns.vendor_id.in_(select(Vendor.id).where(Vendor.platform_id == platform_id))
    if of_platform is not None and of_vendor is not None:
        return or_(of_platform, and_(columns.platform_id.is_(None), of_vendor))
    if of_platform is not None or of_vendor is not None:
        return of_platform if of_platform is not None else of_vendor
    hung = [
        key.parent.in_(select(key.column).where(parents[key.column.table]))
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name)
        if key.column.table in parents
    ]
    return or_(*hung) if hung else None


def counts(session: Session, tables: Sequence[OwnedTable]) -> dict[str, int]:
    """Table → how many rows the platform has in it; one statement."""
    counted = [
        select(literal(each.name).label("name"), func.count().label("rows")).select_from(each.table).where(condition)
        for each in tables
        if (condition := each.condition) is not None
    ]
    if not counted:
        return {}
    with system_scope():  # each count names the platform itself
        return {row.name: row.rows for row in session.execute(union_all(*counted))}


def pointing_at(session: Session, tables: Sequence[OwnedTable]) -> list[str]:
    """Names of other modules' tables with rows that refer to the platform's rows; a statement for each such key."""
    mine = {each.table: each.condition for each in tables}
    with system_scope():
        return sorted({name for name, query in _references(mine) if session.scalar(query)})


def _references(mine: Mapping[Table, Condition | None]) -> Iterator[tuple[str, Select[tuple[bool]]]]:
    for other in Base.metadata.sorted_tables:
        if other in mine:
            continue
        for key in other.foreign_keys:
            condition = mine.get(key.column.table)
            if condition is not None:
                held = select(key.parent).where(key.parent.in_(select(key.column).where(condition)))
                yield other.name, select(held.exists())
