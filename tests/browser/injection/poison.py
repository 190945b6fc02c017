"""Writes the payloads into every text of a console's database, past everything that checks or cleans texts."""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from sqlalchemy import JSON, Column, Enum, String, Text

from console.storage.base import Base
from tests.browser.injection.payloads import PAYLOADS

ALL = "*"
EVERY_PAYLOAD = bool(os.environ.get("EVERY_PAYLOAD"))
"""Whether each payload stands in each field once, which takes hours; else each in some fields and some in each."""
MOST_LETTERS = 600 if EVERY_PAYLOAD else 120  # of one value; what is long gets other payloads in its next row
# Texts that no person can choose freely: what we write ourselves, or a pattern that leaves no room for markup.
CODED: Mapping[str, frozenset[str]] = {
    ALL: frozenset(
        {
            *(
                "slug",
                "code",
                "kind",
                "state",
                "source",
                "action",
                "module",
                "event",
                "digest",
                "request_id",
                "platform",
            ),
            *(
                "seal",
                "count_seal",
                "previous",
                "once",
                "plan",
                "item",
                "feature",
                "permission",
                "limit_code",
                "worker",
            ),
            *("locale", "timezone", "language", "content_type", "typeface", "width", "csrf_token", "level", "answer"),
        }
    ),
    "health_reports": frozenset({"status"}),
    "deliveries": frozenset({"subscriber", "owner"}),
    "task_runs": frozenset({"task", "slot"}),
    "operation_steps": frozenset({"reason"}),
    "operations": frozenset({"request"}),
    "tokens": frozenset({"permissions"}),
    "users": frozenset({"password_hash"}),
    "module_configs": frozenset({"overrides"}),  # ``FREE_SETTINGS`` below
    "totp_secrets": frozenset({"sealed"}),
    "runners": frozenset({"id"}),
    **{
        name: frozenset({ALL}) for name in ("huey_kv", "huey_queue", "huey_schedule", "instance_meta", "stored_answers")
    },
    "migration_ledger": frozenset({ALL}),
}
FREE_SETTINGS = ("data", "tags", "address")
"""Keys of the module ``depot`` whose values are text."""
SHORTEST = min(len(each.text) for each in PAYLOADS)


def fields_of_texts() -> Iterator[tuple[str, Column[object]]]:
    """Table and column of every text that somebody can choose."""
    for table in Base.metadata.sorted_tables:
        coded = CODED[ALL] | CODED.get(table.name, frozenset())
        for column in table.columns:
            is_text = isinstance(column.type, String | Text | JSON) and not isinstance(column.type, Enum)
            if is_text and room_of(column) >= SHORTEST and not {ALL, column.name} & coded:
                yield table.name, column


def room_of(column: Column[object]) -> int:
    """How many letters are written into a field at once."""
    return min(getattr(column.type, "length", None) or MOST_LETTERS, MOST_LETTERS)


@dataclass(slots=True)
class Pen:
    """Writes one field, with other payloads each time, until each was in it.

    Args:
        written: Numbers of the payloads that stood in the field.
    """

    name: str
    room: int
    written: set[int] = field(default_factory=set)
    _next: int = -1

    def __post_init__(self) -> None:
        self._next = zlib.crc32(self.name.encode()) % len(PAYLOADS)

    def text(self) -> str:
        """As many payloads as fit."""
        found: list[str] = []
        left = self.room
        for _each in PAYLOADS:
            payload = PAYLOADS[self._next]
            if len(payload.text) >= left and found:
                break
            self._next = (self._next + 1) % len(PAYLOADS)
            if len(payload.text) < left:
                found.append(payload.text)
                left -= len(payload.text) + 1
                self.written.add(payload.number)
        return " ".join(found)

    def document(self, value: object) -> object:
        """The JSON value with payloads for its texts."""
        if isinstance(value, dict):
            return {name: self.document(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.document(inner) for inner in value]
        return self.text() if isinstance(value, str) else value


class Poison:
    """Everything that can be written into a console's database."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "console.db"
        self._columns = list(fields_of_texts())
        self.pens = {
            f"{table}.{column.name}": Pen(
                f"{table}.{column.name}", getattr(column.type, "length", None) or MOST_LETTERS
            )
            for table, column in self._columns
        }
        self.pens["module_configs.overrides"] = Pen("module_configs.overrides", 58)

    def write(self) -> None:
        """Put other payloads than before into every row of every field."""
        with closing(sqlite3.connect(self._path, timeout=30)) as base, base:
            for table, column in self._columns:
                self._fill(base, table, column)
            self._configure(base)
            base.execute("UPDATE platforms SET revision = revision + 1")
            base.execute("UPDATE users SET generation = generation + 1")

    def _fill(self, base: sqlite3.Connection, table: str, column: Column[object]) -> None:
        pen = self.pens[f"{table}.{column.name}"]
        name = column.name
        for row, before in list(base.execute(f"SELECT rowid, {name} FROM {table}")):
            if isinstance(column.type, JSON):
                held = json.loads(before) if before is not None else None
                value = json.dumps(pen.document(held)) if held else json.dumps({"text": pen.text()}) if before else None
            else:
                value = pen.text()
            base.execute(f"UPDATE {table} SET {name} = ? WHERE rowid = ?", (value, row))

    def _configure(self, base: sqlite3.Connection) -> None:
        pen = self.pens["module_configs.overrides"]
        for row, held in list(base.execute("SELECT rowid, overrides FROM module_configs WHERE module = 'depot'")):
            free = {"data": pen.text(), "tags": [pen.text(), pen.text()], "address": {"city": pen.text()}}
            base.execute(
                "UPDATE module_configs SET overrides = ? WHERE rowid = ?",
                (json.dumps({**json.loads(held), **free}), row),
            )

    @property
    def untouched(self) -> list[str]:
        """Fields in which no payload ever stood: the console that is looked at has no such row."""
        return [name for name, pen in self.pens.items() if not pen.written]


def used(pens: Mapping[str, Pen]) -> set[int]:
    """Numbers of the payloads that stood anywhere."""
    return set(chain.from_iterable(pen.written for pen in pens.values()))
