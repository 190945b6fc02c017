"""The ledger: every applied revision with its place in the graph, written in the migration's own transaction."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from types import ModuleType

from alembic import util
from alembic.runtime.migration import MigrationContext, MigrationInfo
from alembic.script import Script
from sqlalchemy import Connection, delete, insert, inspect, literal_column, select

from console.services.schema import CONSOLE
from console.storage.tables import MigrationLedger


@dataclass(frozen=True, slots=True)
class Applied:
    """One row of the ledger."""

    revision: str
    branch: str
    module: str | None
    down: str | None
    depends_on: tuple[str, ...]


def read(connection: Connection) -> tuple[Applied, ...]:
    """All rows, oldest first in their branch; none for a database without a ledger."""
    if not inspect(connection).has_table(MigrationLedger.__tablename__):
        return ()
    rows = connection.execute(select(MigrationLedger).order_by(MigrationLedger.branch, MigrationLedger.revision))
    return tuple(
        Applied(row.revision, row.branch, row.module, row.down_revision, tuple(row.depends_on or ())) for row in rows
    )


def tombstone(applied: Applied) -> Script:
    """A revision that stands in for one whose file is gone: the graph keeps its place, and it does nothing."""
    python = ModuleType(applied.revision)
    python.__doc__ = f"Applied earlier; its file is gone ({applied.branch})."
    values: dict[str, object] = {
        "revision": applied.revision,
        "down_revision": applied.down,
        "branch_labels": (applied.branch,) if applied.down is None else None,
        "depends_on": applied.depends_on or None,
    }
    vars(python).update(values)
    return Script(python, applied.revision, f"{applied.revision}.py")


Recorder = Callable[..., None]


def recorder(modules: dict[str, str], now: datetime) -> Recorder:
    """What Alembic calls after each step, inside its transaction.

    Args:
        modules: Branch label → code of the module.
        now: When the steps count as applied.
    """
    early: list[dict[str, object]] = []  # Alembic's own commands may run a branch before the console's
    there = False

    def record(*, ctx: MigrationContext, step: MigrationInfo, heads: object, run_args: object) -> None:
        nonlocal there
        for revision_id in step.up_revision_ids:
            script = step.revision_map.get_revision(revision_id)
            if step.is_upgrade and isinstance(script, Script):
                early.append(_row(script, modules, now, as_sql=ctx.as_sql))
                there = there or _has_ledger(ctx)
                if there:
                    for row in early:
                        ctx.execute(insert(MigrationLedger).values(row))
                    early.clear()
            elif not _drops_ledger(step):
                ctx.execute(delete(MigrationLedger).where(MigrationLedger.revision == revision_id))

    return record


def _has_ledger(ctx: MigrationContext) -> bool:
    return ctx.as_sql or inspect(ctx.connection).has_table(MigrationLedger.__tablename__)


def _drops_ledger(step: MigrationInfo) -> bool:
    """The console's first revision takes the ledger with it when it is undone."""
    return step.up_revision_id is not None and not step.down_revision_ids and step.up_revision_id.startswith(CONSOLE)


def _row(script: Script, modules: dict[str, str], now: datetime, *, as_sql: bool) -> dict[str, object]:
    branch = _label(script.branch_labels, modules)
    down = script.down_revision
    depends_on = list(util.to_tuple(script.dependencies, default=()))
    return {
        "revision": script.revision,
        "branch": branch,
        "module": modules.get(branch),
        "down_revision": down if isinstance(down, str) else None,
        # JSON has no literal of its own to be written in a script
        "depends_on": literal_column(f"'{json.dumps(depends_on)}'") if as_sql else depends_on,
        "description": script.doc[:200],
        "applied_at": now,
    }


def _label(found: Iterable[str], modules: dict[str, str]) -> str:
    return next((label for label in found if label in modules), CONSOLE)
