"""Upgrades: under a lock, branch by branch, one transaction a branch; a branch that fails stays alone in that."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, MigrationStep
from flask import Flask
from sqlalchemy import Connection, Engine, delete, insert, select, update

from console.errors import Busy, CannotStart, Unknown
from console.services import audit_chain, schema
from console.services.migrations import environment, exclusive
from console.services.migrations.ledger import read, recorder
from console.services.migrations.scan import Branch, scan
from console.services.migrations.scripts import Graph, Scripts, labels_of, migrate_config, scripts_of
from console.services.runtime import Runtime
from console.services.secrets import bind_key, check_key
from console.storage import faults, private
from console.storage.base import db
from console.storage.tables import InstanceMeta, Platform
from console.storage.tenancy import system_scope

log = logging.getLogger(__name__)
FAILURE = "migration_failed:"  # in instance_meta, with the label: why the last try failed


@dataclass(frozen=True, slots=True)
class BranchReport:
    """What an upgrade did to one branch: the revisions applied, or why it was left as it is."""

    module: str | None
    branch: str
    applied: tuple[str, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """What a run of upgrades works with."""

    rt: Runtime
    engine: Engine
    config: Config
    scripts: Scripts
    graph: Graph


def upgrade(app: Flask, *, only: str | None = None) -> list[BranchReport]:
    """Bring the console's branch and every installed module's to their heads; what they did, in that order.

    Args:
        only: Code of the one module to upgrade, after the console's own branch.

    Raises:
        CannotStart: The console's own branch cannot be upgraded, or the database is newer than this code.
        WrongKey: The database belongs to another key file.
        Unknown: There is no module ``only``.
        Busy: Somebody held the database for longer than the busy time-out.
    """
    rt: Runtime = app.extensions["console"]
    if only is not None and only not in rt.registry:
        raise Unknown("module", only, list(rt.registry))
    with app.app_context(), system_scope(), exclusive.exclusive(db.engine):
        if (file := private.file_of(db.engine.url)) is not None:
            private.close_to_others(file)  # one from before the console made them so
        work = _look(app, rt)
        branches = [each for each in work.graph.branches if only is None or each.module in (None, only)]
        _refuse_what_is_newer(work.graph)
        if work.graph.applied:
            check_key(db.session(), rt.secrets)
            db.session().rollback()
        pending = [each for branch in branches for each in work.graph.pending(branch)]
        if pending and work.engine.dialect.name == "sqlite":
            exclusive.back_up(work.engine, rt.settings.data_dir / "backups", rt.clock(), pending=pending)
        reports = [_upgrade_branch(work, branch) for branch in branches]
        rt.unavailable = schema.unavailable(work.engine, rt.registry)
    return reports


def upgrade_sql(app: Flask, *, only: str | None = None) -> str:
    """The statements that ``upgrade`` would run now, for a database administrator; changes nothing."""
    rt: Runtime = app.extensions["console"]
    if only is not None and only not in rt.registry:
        raise Unknown("module", only, list(rt.registry))
    output = io.StringIO()
    with app.app_context(), system_scope():
        work = _look(app, rt)
        _refuse_what_is_newer(work.graph)
        branches = [each for each in work.graph.branches if only is None or each.module in (None, only)]
        pending = [revision for branch in branches for revision in work.graph.pending(branch)]
        work.config.attributes[environment.OUTPUT] = output
        heads = _heads(work.engine) or None
        if pending:
            with EnvironmentContext(
                work.config, work.scripts, fn=_steps(work, pending), as_sql=True, starting_rev=heads
            ):
                work.scripts.run_env()
    return output.getvalue()


def _look(app: Flask, rt: Runtime) -> Work:
    engine = db.engine
    branches = scan(rt.registry)
    with engine.connect() as connection:
        graph = Graph(branches, read(connection))
    config = migrate_config(app, branches)
    config.attributes[environment.RECORD] = recorder(labels_of(branches), rt.clock())
    return Work(rt, engine, config, scripts_of(config, graph), graph)


def _refuse_what_is_newer(graph: Graph) -> None:
    console = graph.branches[0]
    if console.fault is not None:
        raise CannotStart(f"The console's own migrations are damaged: {console.fault}")
    unknown = [row.revision for row in graph.gone() if row.branch == schema.CONSOLE]
    if unknown:
        raise schema.newer(unknown)


def _upgrade_branch(work: Work, branch: Branch) -> BranchReport:
    pending = work.graph.pending(branch)
    if branch.fault is not None:
        log.warning("%s is parked: %s", branch.label, branch.fault)
        return BranchReport(branch.module, branch.label, error=branch.fault)
    if not pending:
        return BranchReport(branch.module, branch.label)
    try:
        _apply(work, branch, pending=pending)
    except Busy:
        raise
    except (Exception, SystemExit) as error:
        if (trouble := _storage_trouble(error)) is not None:
            raise trouble from error
        reason = f"{type(error).__name__}: {error}"
        if branch.module is None:
            raise CannotStart(f"The console's own migrations failed: {reason}") from error
        log.exception("%s is parked: its migrations failed", branch.label)
        _remember_failure(work.engine, branch.label, reason)
        return BranchReport(branch.module, branch.label, error=reason)
    return BranchReport(branch.module, branch.label, applied=pending)


def _storage_trouble(error: BaseException | None) -> Busy | None:
    """What the database refused, below SQLAlchemy too, or before a clean-up failed over it.

    Alembic's fails over a table whose copy SQLite took back.
    """
    while error is not None:
        found = error if isinstance(error, Busy) else faults.translated(error, writes=True)
        if isinstance(found, Busy):
            return found
        error = error.__context__
    return None


def _apply(work: Work, branch: Branch, *, pending: tuple[str, ...]) -> None:
    label = None if branch.module is None else branch.label
    labels = labels_of(work.graph.branches)
    with exclusive.branch_transaction(work.engine, label=label, labels=labels) as connection:
        work.config.attributes["connection"] = connection
        with EnvironmentContext(work.config, work.scripts, fn=_steps(work, pending)):
            work.scripts.run_env()
        if branch.module is None:
            bind_key(connection, work.rt.secrets)
            if audit_chain.SINCE in pending:
                audit_chain.adopt(connection, work.rt.secrets)
        else:
            connection.execute(delete(InstanceMeta).where(InstanceMeta.name == FAILURE + branch.label))
            connection.execute(update(Platform).values(revision=Platform.revision + 1))  # see schema.refresh


def _steps(work: Work, pending: Sequence[str]) -> object:
    def steps(_heads: object, _context: MigrationContext) -> list[MigrationStep]:
        scripts = [work.scripts.get_revision(each) for each in pending]
        return [MigrationStep.upgrade_from_script(work.scripts.revision_map, script) for script in scripts]

    return steps


def _remember_failure(engine: Engine, label: str, reason: str) -> None:
    with exclusive.branch_transaction(engine, label=None, labels=()) as connection:
        name = FAILURE + label
        connection.execute(delete(InstanceMeta).where(InstanceMeta.name == name))
        connection.execute(insert(InstanceMeta).values(name=name, value=reason))


def failures(connection: Connection) -> dict[str, str]:
    """Branch label → why its last upgrade failed."""
    found = select(InstanceMeta.name, InstanceMeta.value).where(InstanceMeta.name.startswith(FAILURE, autoescape=True))
    return {name.removeprefix(FAILURE): value for name, value in connection.execute(found)}


def _heads(engine: Engine) -> tuple[str, ...]:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_heads()
