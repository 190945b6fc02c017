"""How every branch stands, from the revision graph: rows of ``alembic_version`` hide what others depend on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from alembic.runtime.migration import MigrationContext
from flask import Flask

from console.services.migrations.ledger import Applied, read
from console.services.migrations.run import failures
from console.services.migrations.scan import Branch, scan
from console.services.migrations.scripts import Graph, Scripts, migrate_config, scripts_of
from console.services.runtime import Runtime
from console.services.schema import CONSOLE
from console.storage.base import db

State = Literal["current", "behind", "missing", "drifted", "failed"]


@dataclass(frozen=True, slots=True)
class BranchStatus:
    """One branch.

    Args:
        module: Code of the module, None for the console's own.
        branch: Branch label.
        head: The newest revision on disk, None when there is none.
        current: The newest applied revision, None when none is.
        state: ``behind``: revisions wait. ``failed``: and something keeps them, see ``error``. ``missing``: the
            package left the disk. ``drifted``: applied revisions have no file here.
        pending: What waits, oldest first.
        error: What is wrong with its files, or why the last upgrade failed.
    """

    module: str | None
    branch: str
    head: str | None
    current: str | None
    state: State
    pending: tuple[str, ...] = ()
    error: str | None = None


def status(app: Flask) -> list[BranchStatus]:
    """The console's branch, the installed modules' in dependency order, then those whose package is gone."""
    rt: Runtime = app.extensions["console"]
    with app.app_context():
        branches = scan(rt.registry)
        with db.engine.connect() as connection:
            graph = Graph(branches, read(connection))
            heads = MigrationContext.configure(connection).get_current_heads()
            failed = failures(connection) if graph.applied else {}
        applied = _applied(scripts_of(migrate_config(app, branches), graph), heads)
    found = [_of(branch, graph, applied=applied, failed=failed) for branch in branches]
    return found + _missing(graph)


def _applied(scripts: Scripts, heads: tuple[str, ...]) -> frozenset[str]:
    """The heads and all that they stand on."""
    ancestors = scripts.revision_map._get_ancestor_nodes(scripts.get_revisions(heads), include_dependencies=True)
    return frozenset(revision.revision for revision in ancestors)


def _of(branch: Branch, graph: Graph, *, applied: frozenset[str], failed: Mapping[str, str]) -> BranchStatus:
    pending = tuple(each for each in branch.ids if each not in applied)
    strange = [row for row in graph.gone() if row.branch == branch.label]
    error = branch.fault or (failed.get(branch.label) if pending else None)
    state: State = "behind" if pending else "current"
    if error is not None:
        state = "failed"
    elif strange:
        state = "drifted"
        error = f"applied, but without a file here: {', '.join(row.revision for row in strange)}"
    here = [each for each in branch.ids if each in applied]
    current = _newest(strange) or (here[-1] if here else None)
    head = branch.ids[-1] if branch.ids else None
    return BranchStatus(branch.module, branch.label, head, current, state, pending, error)


def _missing(graph: Graph) -> list[BranchStatus]:
    known = {branch.label for branch in graph.branches}
    gone: dict[str, list[Applied]] = {}
    for row in graph.gone():
        if row.branch not in known and row.branch != CONSOLE:
            gone.setdefault(row.branch, []).append(row)
    text = "its package is not installed; its tables and rows are kept"
    return [
        BranchStatus(rows[0].module, label, None, _newest(rows), "missing", error=text)
        for label, rows in sorted(gone.items())
    ]


def _newest(rows: list[Applied]) -> str | None:
    """The revision that no other follows."""
    followed = {row.down for row in rows}
    return next((row.revision for row in rows if row.revision not in followed), None)
