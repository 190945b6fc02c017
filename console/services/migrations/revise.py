"""A module's next migration, in the guide's file name and template, compared with that module's tables only."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from alembic.autogenerate import RevisionContext
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from flask import Flask
from sqlalchemy.schema import SchemaItem

from console.domain.registry import InstalledModule
from console.errors import RuleRefused, SchemaBehind
from console.services.migrations import environment
from console.services.migrations.ledger import read
from console.services.migrations.scan import Branch, scan, table_owner
from console.services.migrations.scripts import Graph, Scripts, migrate_config, scripts_of
from console.services.runtime import Runtime
from console.services.schema import label_of, versions_of
from console.storage.base import db


def new_revision(app: Flask, code: str, message: str) -> Path:
    """Write the next migration of a module; the new file.

    Raises:
        Unknown: There is no such module.
        RuleRefused: The module, or one of its migrations, is broken.
        SchemaBehind: Its earlier migrations are not applied, so there is nothing to compare with.
    """
    rt: Runtime = app.extensions["console"]
    module = rt.registry[code]
    if not module.live:
        raise RuleRefused(f"{code} is quarantined: {module.quarantine}", code="quarantined", hint="Mend it first.")
    label = label_of(module)
    with app.app_context():
        graph, branch = _look(rt, module)
        folder = versions_of(module)
        folder.mkdir(parents=True, exist_ok=True)
        config = migrate_config(app, graph.branches)
        labels = [label_of(each) for each in rt.registry.modules()]
        config.attributes[environment.ONLY] = _only_tables_of(label, labels)
        arguments: dict[str, object] = {
            "message": message,
            "autogenerate": True,
            "sql": False,
            "head": branch.ids[-1] if branch.ids else "base",
            "splice": False,
            "branch_label": None if branch.ids else label,
            "version_path": str(folder.resolve()),
            "rev_id": f"{label}_{len(branch.ids) + 1:03}",
            "depends_on": None,
        }
        return _write(RevisionContext(config, scripts_of(config, graph), arguments))


def _look(rt: Runtime, module: InstalledModule) -> tuple[Graph, Branch]:
    """The graph with this module's files only, everything else as it was applied; and the module's branch."""
    label = label_of(module)
    branches = scan(rt.registry)
    empty = Branch(module.code, label, versions_of(module))
    branch = next((each for each in branches if each.label == label), empty)
    if branch.fault is not None:
        raise RuleRefused(f"{module.code}: {branch.fault}", code="migrations_broken", hint="Mend that file first.")
    with db.engine.connect() as connection:
        graph = Graph((branches[0], branch), read(connection))
    waiting = [each for own in graph.branches for each in graph.pending(own)]
    if waiting:
        raise SchemaBehind(f"{', '.join(waiting)} is not applied yet.", hint="Run `module-console db upgrade` first.")
    return replace(graph, branches=(branches[0], branch)), branch


def _only_tables_of(label: str, labels: list[str]) -> object:
    def kept(item: SchemaItem, name: str | None, kind: str, _reflected: bool, _other: SchemaItem | None) -> bool:
        return kind != "table" or table_owner(name or "", labels) == label

    return kept


def _write(revision: RevisionContext) -> Path:
    scripts: Scripts = revision.script_directory  # type: ignore[assignment]  # made in this file

    def compare(heads: tuple[str, ...], context: MigrationContext) -> list[object]:
        revision.run_autogenerate(heads, context)
        return []

    with db.engine.connect() as connection:
        revision.config.attributes["connection"] = connection
        options = {"template_args": revision.template_args, "revision_context": revision, "dont_mutate": True}
        with EnvironmentContext(revision.config, scripts, fn=compare, **options):
            scripts.run_env()
    written = [script for script in revision.generate_scripts() if script is not None]
    return Path(written[0].path)
