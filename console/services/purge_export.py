"""What a purge would delete, as one JSON document, written piece by piece so that its size does not matter."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime

from pydantic_core import to_jsonable_python
from sqlalchemy import Row, Table, select
from sqlalchemy.orm import Session

from console.domain.words import ConfigSource
from console.services import config_json, configs, owned_rows, purge
from console.services.operation_views import time_json
from console.services.owned_rows import OwnedTable
from console.services.runtime import Runtime
from console.storage.tenancy import system_scope

BATCH = 500
SECRET = re.compile(r"(^|_)(password|passwd|secret|token|api_key|private_key)(_|$)")
"""Columns of such names are masked, and those with ``info={"secret": True}``."""


def export(session: Session, rt: Runtime, platform_id: int, code: str, *, now: datetime) -> Iterator[str]:
    """The pieces of the document: settings and rows of one platform, secrets masked, bytes as base64.

    Raises:
        Unknown: There is no such module.
        RuleRefused: ``quarantined`` or ``needs_migration``: its tables cannot be read.
    """
    view = purge.look(session, rt, platform_id, code)
    unreadable = [block for block in view.blocks if block.code in ("quarantined", "needs_migration")]
    if unreadable:
        purge.must_not_be_blocked(purge.PurgeView(view.platform, code, (), 0, 0, tuple(unreadable)))
    head = {
        "schema": 1,
        "platform": view.platform,
        "module": code,
        "version": rt.registry[code].version,
        "exported_at": time_json(now),
        "settings": _settings(session, rt, platform_id, code),
    }
    tables = [each for each in owned_rows.owned_tables(rt.registry, code, platform_id) if each.condition is not None]
    return _pieces(session, head, tables)


def _pieces(session: Session, head: dict[str, object], tables: list[OwnedTable]) -> Iterator[str]:
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "tables": {'
    for number, each in enumerate(tables):
        yield f"{', ' if number else ''}\n{json.dumps(each.name)}: ["
        yield from _rows(session, each)
        yield "]"
    yield "}}\n"


def _rows(session: Session, each: OwnedTable) -> Iterator[str]:
    assert each.condition is not None
    query = select(each.table).where(each.condition).order_by(*each.table.primary_key.columns)
    with system_scope():  # the statement names the platform itself; fetching its rows sends no further one
        found = session.execute(query, execution_options={"yield_per": BATCH})
    first = True
    for row in found:
        yield ("\n" if first else ",\n") + _json(each.table, row)
        first = False


def _json(table: Table, row: Row[tuple[object, ...]]) -> str:
    shown = {
        column.name: config_json.MASK if _is_secret(column.name, column.info) else value
        for column, value in zip(table.columns, row, strict=True)
    }
    return json.dumps(to_jsonable_python(shown, bytes_mode="base64", fallback=str), ensure_ascii=False)


def _is_secret(name: str, info: dict[object, object]) -> bool:
    return info.get("secret") is True or SECRET.search(name) is not None


def _settings(session: Session, rt: Runtime, platform_id: int, code: str) -> dict[str, object]:
    """The stored values, those that file or environment hold left out."""
    config = configs.read(session, rt, platform_id, code)
    return {
        key: config_json.MASK if key in config.secrets else to_jsonable_python(value, fallback=str)
        for key, value in config.values.items()
        if config.sources[key] is ConfigSource.PLATFORM
    }
