"""What the tables hold: a hash of all of it, and canaries in every text of one tenant."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from flask import Flask
from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Enum,
    LargeBinary,
    Select,
    String,
    Table,
    or_,
    select,
    update,
)

from console.storage.base import Base, db
from console.storage.engine import WRITE
from console.storage.tenancy import system_scope
from tests.isolation.stock import Tenant

CANARY = "CanarY7"
UNTOUCHED = frozenset({"audit_entries", "audit_chains"})
"""Tables that looking at pages may add to: a denial is an entry of the audit."""
SEEN = frozenset({"last_seen_at", "last_used_at", "seen_at", "sessions.expires_at"})
"""Columns that say when somebody was last seen; a session lives on from there."""
KEPT: Mapping[str, str] = {
    **dict.fromkeys(("slug", "code", "module", "owner", "item", "feature", "permission", "task", "slot"), "a key"),
    **dict.fromkeys(("action", "source", "once", "event", "plan", "language"), "a word that the code knows"),
    **dict.fromkeys(("csrf_token", "password_hash", "digest"), "a proof; a login needs it as it is"),
    **dict.fromkeys(("seal", "previous", "count_seal"), "what the audit is chained by"),
    **dict.fromkeys(("locale", "timezone", "content_type", "currency", "typeface", "width"), "one of a fixed set"),
    "number": "made by the orders module; its page sorts by it",
    "platform": "the slug of the tenant, which an attacker sends himself",
    "reason": "why a step is in a plan, in the planner's own words",
}
"""Text columns without a canary, and why."""
KEPT_JSON = frozenset({"overrides", "diff", "request", "permissions", "depends_on"})
"""JSON of a shape that the product reads back."""


def state_of(app: Flask) -> dict[str, str]:
    """Table → hash of its rows; without the audit, and without when somebody was last seen."""
    with app.app_context(), system_scope(), db.engine.connect() as connection:
        return {
            table.name: _hash(connection, table) for table in Base.metadata.sorted_tables if table.name not in UNTOUCHED
        }


def _hash(connection: Connection, table: Table) -> str:
    columns = [column for column in table.columns if SEEN.isdisjoint({column.name, str(column)})]
    rows = sorted(repr(tuple(row)) for row in connection.execute(select(*columns)))
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def plant(app: Flask, tenant: Tenant) -> int:
    """Put a canary into every text of the tenant's rows.

    Returns:
        How many columns have one.
    """
    planted = 0
    with app.app_context(), system_scope():
        with db.engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
            for table in Base.metadata.sorted_tables:
                belongs = _belongs(table, tenant)
                values = {} if belongs is None else dict(_values(table))
                if belongs is not None and values:
                    planted += len(values) * bool(
                        connection.execute(update(table).where(belongs).values(values)).rowcount
                    )
        app.extensions["console"].snapshots.clear()
    return planted


def _belongs(table: Table, tenant: Tenant) -> ColumnElement[bool] | None:
    """Which rows of the table are the tenant's."""
    tables = Base.metadata.tables
    platform_id, vendor_id = tenant.platform.id, tenant.vendor.id
    people = [each.user_id for each in tenant.people.values()]
    whole: Mapping[str, list[int]] = {"platforms": [platform_id], "vendors": [vendor_id], "users": people}
    if table.name in whole:
        return table.c.id.in_(whole[table.name])
    operations = select(tables["operations"].c.id).where(tables["operations"].c.platform_id == platform_id)
    steps = select(tables["operation_steps"].c.id).where(tables["operation_steps"].c.operation_id.in_(operations))
    held: Mapping[str, list[int] | Select[int]] = {
        "platform_id": [platform_id],
        "vendor_id": [vendor_id],
        "user_id": people,
        "operation_id": operations,
        "step_id": steps,
    }
    found = [table.c[name].in_(values) for name, values in held.items() if name in table.c]
    return or_(*found) if found else None


def _values(table: Table) -> Iterator[tuple[str, object]]:
    for column in table.columns:
        if column.primary_key or column.foreign_keys or column.name in KEPT:
            continue
        value = _value(column)
        if value is not None:
            yield column.key, value


def _value(column: Column[object]) -> object:
    kind = column.type
    if isinstance(kind, Enum):
        return None
    if isinstance(kind, String):
        text = f"{CANARY}-{column.name}"[: kind.length or 60]
        return None if column.unique or len(text) < len(CANARY) else text
    if isinstance(kind, JSON) and column.name not in KEPT_JSON:
        return {"canary": CANARY}
    if isinstance(kind, LargeBinary) and column.name == "data" and column.table.name == "cms_media":
        return CANARY.encode()
    return None
