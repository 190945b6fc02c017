"""The tenant whose rows the code that runs now may see, and the guard over every statement that names such rows."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from weakref import WeakSet

from sqlalchemy import Column, Connection, Select, Table, TextClause
from sqlalchemy.engine import Compiled, ExecutionContext
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.sql import visitors
from sqlalchemy.sql.visitors import ExternallyTraversible

from console.errors import OutsideScope


@dataclass(frozen=True, slots=True)
class Tenant:
    """A platform, or one vendor of it."""

    platform_id: int
    vendor_id: int | None = None


@dataclass(frozen=True, slots=True)
class Everyone:
    """All tenants: the console's own work, and migrations."""


Scope = Tenant | Everyone
SCOPED = "console_scoped"  # execution option: the tenant's condition is in the statement
_SCOPE: ContextVar[Scope | None] = ContextVar("console_scope", default=None)
_FLUSHING: ContextVar[bool] = ContextVar("console_flushing", default=False)
_MODEL = "parententity"  # SQLAlchemy's mark on what comes from a model
_owned: set[str] = set()
_judged: WeakSet[Compiled] = WeakSet()


def current_scope() -> Scope | None:
    """The scope that is open, None outside of any."""
    return _SCOPE.get()


@contextmanager
def entered(wanted: Scope) -> Generator[None]:
    """Set the scope inside the block."""
    token = _SCOPE.set(wanted)
    try:
        yield
    finally:
        _SCOPE.reset(token)


@contextmanager
def flushing() -> Generator[None]:
    """Inside the block the mappers write, who judge each row themselves."""
    token = _FLUSHING.set(True)
    try:
        yield
    finally:
        _FLUSHING.reset(token)


def own_table(name: str) -> None:
    """Put a table under guard: its rows belong to tenants."""
    if name not in _owned:
        _owned.add(name)
        _names_owned_table.cache_clear()


def guard(
    _connection: Connection,
    _cursor: DBAPICursor,
    statement: str,
    _parameters: object,
    context: ExecutionContext | None,
    _many: bool,
) -> None:
    """Refuse a statement that names tenants' rows unless the tenant's condition is in it; the last line of defence.

    Whatever road it takes (Core, text, a bare connection), it comes by here as SQL.

    Raises:
        OutsideScope: Names the table.
    """
    table = _names_owned_table(statement)
    if table is None or isinstance(_SCOPE.get(), Everyone) or _FLUSHING.get():
        return
    if context is not None and context.execution_options.get(SCOPED):
        table = _passed_by_the_models(context)
    if table is None:
        return
    raise OutsideScope(
        f"{table!r} holds rows of tenants and was named without one.",
        hint="Ask for the model in a select() on db.session, inside scope(platform_id=…).",
        table=table,
    )


def _passed_by_the_models(context: ExecutionContext) -> str | None:
    """The owned table that a narrowed statement names without its model somewhere inside; judged once a structure."""
    compiled = context.compiled
    if compiled is None or compiled in _judged:
        return None
    original = getattr(compiled.compile_state, "select_statement", compiled.statement)
    found = None if original is None else _plain_table(list(visitors.iterate(original)))
    if found is None:
        _judged.add(compiled)
    return found


def _plain_table(parts: Sequence[ExternallyTraversible]) -> str | None:
    """The owned table that the parts of a statement name in text, select from, or compare with, without its model."""
    texts = (_names_owned_table(part.text) for part in parts if isinstance(part, TextClause))
    selected = [each for part in parts if isinstance(part, Select) for each in (*part._raw_columns, *part._from_obj)]
    compared = [part for part in parts if isinstance(part, Column)]
    modelled = {_table_of(each) for each in (*selected, *compared) if _MODEL in each._annotations}
    plain = (_table_of(each) for each in selected if _MODEL not in each._annotations)
    beside = (_table_of(each) for each in compared if _table_of(each) not in modelled)
    return next((table for table in chain(texts, plain, beside) if table in _owned), None)


def _table_of(part: object) -> str | None:
    table = part.table if isinstance(part, Column) else part
    return table.name if isinstance(table, Table) else None


@lru_cache(maxsize=2000)
def _names_owned_table(statement: str) -> str | None:
    """The first owned table that the SQL names; definitions of tables and looks at the schema are free."""
    if not _owned or re.match(r"\s*(?:CREATE|ALTER|DROP|PRAGMA|COMMENT)\b", statement, re.IGNORECASE):
        return None
    for word in re.findall(r"\w+", statement):
        if word in _owned:
            return str(word)
    return None
