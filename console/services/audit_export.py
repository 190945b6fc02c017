"""The audit to take away: CSV for spreadsheets and JSON for programs, written piece by piece."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from console.services.audit import AuditView, entry_json

Form = Literal["csv", "json"]
Batches = Iterable[tuple[AuditView, ...]]

COLUMNS = (
    *("id", "at", "platform", "actor", "source", "action", "target", "reason", "operation", "request_id"),
    *("before", "after", "count"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def pieces(form: Form, batches: Batches, *, platform: str | None) -> Iterator[str]:
    """The file, a piece for each batch.

    Args:
        platform: The slug of the only platform that it is about, None for the whole instance.
    """
    return csv_pieces(batches) if form == "csv" else json_pieces(batches, platform=platform)


def csv_pieces(batches: Batches) -> Iterator[str]:
    """A head line, then a line for each entry; before and after are JSON."""
    yield _csv_lines([COLUMNS])
    for entries in batches:
        yield _csv_lines(_row(record_json(entry)) for entry in entries)


def json_pieces(batches: Batches, *, platform: str | None) -> Iterator[str]:
    """The document of ``audit list``, an entry on each line."""
    yield f'{{"schema": 1, "platform": {json.dumps(platform)}, "entries": ['
    between = "\n"
    for entries in batches:
        for entry in entries:
            yield between + json.dumps(record_json(entry), ensure_ascii=False)
            between = ",\n"
    yield "\n]}\n"


def record_json(entry: AuditView) -> dict[str, object]:
    """One entry with the slug of its platform."""
    return {**entry_json(entry), "platform": entry.platform or None}


def defused(cell: str) -> str:
    """The cell as text to every spreadsheet: one that would be taken for a formula gets an apostrophe.

    Source: OWASP, CSV injection.
    """
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _row(record: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(defused(_cell(record[name])) for name in COLUMNS)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _csv_lines(rows: Iterable[Iterable[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


MEDIA: Mapping[Form, str] = {"csv": "text/csv", "json": "application/json"}
