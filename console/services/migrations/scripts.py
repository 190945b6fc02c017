"""Alembic's view of the branches: what could be scanned, and stand-ins for what was applied and is not on disk."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from alembic.script.revision import RevisionMap
from flask import Flask
from flask_migrate import Migrate

from console.paths import data_folder
from console.services.migrations.ledger import Applied, tombstone
from console.services.migrations.scan import Branch
from console.storage.base import db


@dataclass(frozen=True, slots=True)
class Graph:
    """The branches on disk and the ledger, as one graph that always resolves."""

    branches: tuple[Branch, ...]
    applied: tuple[Applied, ...]

    @property
    def applied_ids(self) -> frozenset[str]:
        """Every applied revision, of all branches."""
        return frozenset(row.revision for row in self.applied)

    def pending(self, branch: Branch) -> tuple[str, ...]:
        """The revisions of ``branch`` that are to be applied, oldest first."""
        return tuple(each for each in branch.ids if each not in self.applied_ids)

    def gone(self) -> tuple[Applied, ...]:
        """What was applied and has no file that could be used."""
        here = {each for branch in self.branches for each in branch.ids}
        return tuple(row for row in self.applied if row.revision not in here)


class Scripts(ScriptDirectory):
    """A script directory that takes its revisions from a graph instead of from its folders."""

    graph: Graph

    def _load_revisions(self) -> Iterator[Script]:
        for branch in self.graph.branches:
            for revision in branch.revisions:
                yield Script(revision.python, revision.id, revision.path)
        yield from (tombstone(row) for row in self.graph.gone())


def scripts_of(config: Config, graph: Graph) -> Scripts:
    """The directory of ``config`` with the revisions of ``graph``."""
    scripts = Scripts.__new__(Scripts)
    vars(scripts).update(vars(ScriptDirectory.from_config(config)))  # it makes its own class, whoever is asked
    scripts.graph = graph
    scripts.revision_map = RevisionMap(scripts._load_revisions)
    return scripts


def migrate_config(app: Flask, branches: Iterable[Branch]) -> Config:
    """Flask-Migrate's configuration with a version location for each of ``branches``."""
    if "migrate" not in app.extensions:
        migrate = Migrate(app, db, directory=str(data_folder("migrations")), compare_server_default=False)
        migrate.configure(_configured)
    locations = [str(branch.folder.resolve()) for branch in branches if branch.fault is None]
    config: Config = app.extensions["migrate"].migrate.get_config()
    config.set_main_option("version_locations", _escaped("\n".join(locations)))
    return config


def _configured(config: Config) -> Config:
    config.set_main_option("path_separator", "newline")
    config.set_main_option("file_template", _escaped("%(rev)s_%(slug)s"))
    config.set_main_option("timezone", "UTC")
    return config


def _escaped(text: str) -> str:
    """The parser of the configuration reads ``%`` as the start of a variable."""
    return text.replace("%", "%%")


def labels_of(branches: Collection[Branch]) -> dict[str, str]:
    """Branch label → code of the module."""
    return {branch.label: branch.module for branch in branches if branch.module is not None}
