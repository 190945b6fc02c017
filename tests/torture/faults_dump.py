"""What a database holds, to be compared: before a fault, after it, and after the same without one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, MetaData, Table, create_engine, inspect, make_url, text

from console.storage.engine import sqlite_driver

NOT_COMPARED = ("last_seen_at", "last_used_at")
"""Columns that every request may write, whatever comes of it."""

Rows = Mapping[str, Counter[str]]
Delta = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Eye:
    """Looks at one database on connections of its own, past the console."""

    engine: Engine
    tables: tuple[Table, ...]

    def rows(self) -> Rows:
        """Every row of every table."""
        found: dict[str, Counter[str]] = {table.name: Counter() for table in self.tables}
        with self.engine.connect() as connection:
            for name, row in connection.execute(text(_everything(self.tables, self.engine.dialect.name))):
                found[name][row] += 1
        return found

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


def eye_on(url: str) -> Eye:
    """Opens its eyes on the tables that are there now."""
    engine = _engine(url)
    meta = MetaData()
    meta.reflect(engine)
    return Eye(engine, tuple(meta.sorted_tables))


def schema_of(url: str) -> tuple[str, ...]:
    """Everything that is defined in a database, and which revisions count as applied; sorted."""
    engine = _engine(url)
    with engine.connect() as connection:
        found = [str(tuple(map(_sorted, row))) for row in connection.execute(text(_DEFINED[engine.dialect.name]))]
        there = set(inspect(connection).get_table_names())
        for table in there & _REVISIONS.keys():
            found += [f"{table} {row}" for row in connection.execute(text(f"SELECT {_REVISIONS[table]} FROM {table}"))]
    engine.dispose()
    return tuple(sorted(found))


def _sorted(part: object) -> object:
    """A definition with its lines in order: that of a table's constraints means nothing, and changes."""
    return sorted(line.strip(" ,\t") for line in part.split("\n")) if isinstance(part, str) else part


def change(before: Rows, after: Rows) -> Delta:
    """Table → how many of its rows are gone and how many are new, for the tables where any is."""
    found = {name: ((before[name] - after[name]).total(), (after[name] - before[name]).total()) for name in before}
    return {name: moved for name, moved in found.items() if moved != (0, 0)}


def _engine(url: str) -> Engine:
    made = make_url(url)
    if made.get_backend_name() == "sqlite":
        return create_engine(made, module=sqlite_driver())
    return create_engine(made.set(drivername="postgresql+psycopg"))


def _everything(tables: Iterable[Table], dialect: str) -> str:
    """One statement for all rows, each as its table's name and one text."""
    return " UNION ALL ".join(f"SELECT '{each.name}', {_row(each, dialect)} FROM {each.name} t" for each in tables)


def _row(table: Table, dialect: str) -> str:
    if dialect == "sqlite":
        columns = [f"quote({each.name})" for each in table.columns if each.name not in NOT_COMPARED]
        return " || ',' || ".join(columns)
    return "".join(("(to_jsonb(t)", *(f" - '{name}'" for name in NOT_COMPARED), ")::text"))


_DEFINED = {
    "sqlite": "SELECT type, name, tbl_name, sql FROM sqlite_master",
    "postgresql": """
        SELECT attrelid::regclass::text, attname::text, format_type(atttypid, atttypmod), attnotnull::text,
                pg_get_expr(adbin, adrelid)
            FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid AND relkind = 'r'
            LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
            WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped
        UNION ALL SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', ''
            FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT tablename, indexname, indexdef, '', '' FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT 'sequence', sequencename, data_type::text, '', ''
            FROM pg_sequences WHERE schemaname = 'public'
    """,
}
_REVISIONS = {
    "alembic_version": "version_num",
    "migration_ledger": "revision, branch, module, down_revision, depends_on, description",
}
