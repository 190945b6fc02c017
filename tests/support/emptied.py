"""PostgreSQL databases that tests use one after the other, each as it was made: copying one costs ten times as much."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
from psycopg import sql

from tests.support.postgres import Server

# Changes with every change of the schema, whoever made it and even when it was taken back.
SCHEMA = """
SELECT md5(string_agg(line, ' ' ORDER BY line)) FROM (
    SELECT 'class ' || ctid || ' ' || xmin FROM pg_class WHERE oid >= 16384
    UNION ALL SELECT 'attribute ' || ctid || ' ' || xmin FROM pg_attribute WHERE attrelid >= 16384
    UNION ALL SELECT 'default ' || ctid || ' ' || xmin FROM pg_attrdef
    UNION ALL SELECT 'constraint ' || ctid || ' ' || xmin FROM pg_constraint WHERE oid >= 16384
    UNION ALL SELECT 'function ' || ctid || ' ' || xmin FROM pg_proc WHERE oid >= 16384
    UNION ALL SELECT 'trigger ' || ctid || ' ' || xmin FROM pg_trigger WHERE oid >= 16384
    UNION ALL SELECT 'namespace ' || ctid || ' ' || xmin FROM pg_namespace
    UNION ALL SELECT 'setting ' || ctid || ' ' || xmin FROM pg_db_role_setting
) AS catalog (line)
"""
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
SEQUENCES = "SELECT sequencename, start_value, last_value FROM pg_sequences WHERE schemaname = 'public'"
OTHERS = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"


@dataclass(slots=True)
class _Made:
    """A database as it was when it was made.

    Args:
        rows: What each table that is not empty holds, as COPY writes it.
        starts: For each sequence its next value, and whether that was given out.
    """

    name: str
    schema: str
    tables: list[str]
    rows: dict[str, bytes]
    starts: list[tuple[str, int, bool]]


@dataclass(slots=True)
class Shelf:
    """Copies of one database; what a test changed is taken back before the next gets it."""

    server: Server
    template: str
    _free: list[_Made] = field(default_factory=list)

    @contextmanager
    def lent(self) -> Iterator[str]:
        """The name of a database that is as the template, for the duration of the block."""
        made = self._free.pop() if self._free else self._make()
        yield made.name
        if self._emptied(made):
            self._free.append(made)
        else:
            self.server.drop(made.name)

    def _make(self) -> _Made:
        name = self.server.create(self.template)
        with psycopg.connect(self.server.url(name), autocommit=True) as connection:
            tables = [str(row[0]) for row in connection.execute(TABLES)]
            held = {table: _read(connection, table) for table in tables}
            starts = [
                (str(row[0]), int(row[1] if row[2] is None else row[2]), row[2] is not None)
                for row in connection.execute(SEQUENCES)
            ]
            rows = {table: content for table, content in held.items() if content}
            return _Made(name, _schema(connection), tables, rows, starts)

    def _emptied(self, made: _Made) -> bool:
        """Whether the database is as it was made; not when its schema has changed."""
        with psycopg.connect(self.server.url(made.name), autocommit=True) as connection:
            connection.execute(OTHERS, (made.name,))
            if _schema(connection) != made.schema:
                return False
            emptied = [table for table in _filled(connection, made) if _taken_back(connection, table, made)]
            connection.execute(sql.SQL("SELECT {}").format(sql.SQL(", ").join(map(_set, made.starts))))
            if emptied:  # or new rows would fill holes, and nobody could tell in which order they come
                tables = sql.SQL(", ").join(map(sql.Identifier, emptied))
                connection.execute(sql.SQL("VACUUM (TRUNCATE) {}").format(tables))
            return True


def _filled(connection: psycopg.Connection, made: _Made) -> list[str]:
    """Names of the tables that hold anything, or should."""
    looks = [
        sql.SQL("SELECT {} WHERE EXISTS (SELECT 1 FROM {})").format(table, sql.Identifier(table))
        for table in made.tables
    ]
    found = {str(row[0]) for row in connection.execute(sql.SQL(" UNION ALL ").join(looks))}
    return sorted(found | set(made.rows))


def _taken_back(connection: psycopg.Connection, table: str, made: _Made) -> bool:
    """Whether the table held anything else than at first, which it holds again."""
    content = made.rows.get(table, b"")
    if content and _read(connection, table) == content:
        return False
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")  # foreign keys rest
        connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        if content:
            _write(connection, table, content)
    return True


def _set(start: tuple[str, int, bool]) -> sql.Composed:
    sequence, value, given = start
    return sql.SQL("setval({}::regclass, {}, {})").format(f'public."{sequence}"', value, given)


def _schema(connection: psycopg.Connection) -> str:
    row = connection.execute(SCHEMA).fetchone()
    assert row is not None
    return str(row[0])


def _read(connection: psycopg.Connection, table: str) -> bytes:
    statement = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        return b"".join(bytes(block) for block in copy)


def _write(connection: psycopg.Connection, table: str, content: bytes) -> None:
    statement = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(content)
