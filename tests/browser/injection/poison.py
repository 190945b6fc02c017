"""Writes the payloads into every text of a console's database, past everything that checks or cleans texts."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from sqlalchemy import JSON, Column, Enum, String, Text

from console.storage.base import Base
from tests.browser.injection.payloads import PAYLOADS, Payload

ALL = "*"
ROOMS = {"users.email": 254}  # the one text that stands in a QR code, which takes no more
STEP = 13  # payloads by which the next row begins later: a list that cuts texts off shows their beginnings
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
    "cms_media": frozenset({"file_name", "earlier_name"}),  # random, or a number
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
            if (
                is_text
                and (getattr(column.type, "length", None) or SHORTEST) >= SHORTEST
                and not {ALL, column.name} & coded
            ):
                yield table.name, column


@dataclass(slots=True)
class Pen:
    """Writes one field: every payload at once, each time in another order, or one after the other where room is short.

    Args:
        room: The most letters that it takes; None takes any. SQLite holds more in a column than its type says.
        written: Numbers of the payloads that stood in the field.
    """

    name: str
    room: int | None = None
    written: set[int] = field(default_factory=set)
    _next: int = -1

    def __post_init__(self) -> None:
        self._next = zlib.crc32(self.name.encode()) % len(PAYLOADS)

    def text(self) -> str:
        """As many payloads as fit."""
        found: list[Payload] = []
        for payload in (*PAYLOADS[self._next :], *PAYLOADS[: self._next]):
            if self.room is not None and len(" ".join(each.text for each in [*found, payload])) > self.room:
                break
            found.append(payload)
        self._next = (self._next + (STEP if self.room is None else len(found))) % len(PAYLOADS)
        self.written |= {each.number for each in found}
        return " ".join(each.text for each in found)

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
        names = [f"{table}.{column.name}" for table, column in self._columns]
        self.pens = {name: Pen(name, ROOMS.get(name)) for name in names}
        self.pens |= {f"depot.{name}": Pen(f"depot.{name}") for name in FREE_SETTINGS}

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
        data, tags, city = (self.pens[f"depot.{name}"] for name in FREE_SETTINGS)
        for row, held in list(base.execute("SELECT rowid, overrides FROM module_configs WHERE module = 'depot'")):
            free = {"data": data.text(), "tags": [tags.text(), tags.text()], "address": {"city": city.text()}}
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
