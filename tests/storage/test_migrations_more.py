"""What goes with upgrades: the copy made before, altered tables, SQL for others, new revisions, Alembic's own way."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from flask import Flask
from sqlalchemy import Column, ForeignKey, Integer, String, Table, inspect, text

from console.errors import RuleRefused, SchemaBehind, Unknown
from console.services import migrations
from console.services.migrations.scan import scan
from console.services.migrations.scripts import migrate_config
from console.storage.base import Base, db
from console.storage.tenancy import system_scope
from console.storage.uow import read_session
from tests.storage.children import ROOT
from tests.storage.made import write_migration
from tests.storage.test_migrations import Console, applied, console, folder, ledger, standing, states, tables
from tests.support.revisions import CONSOLE

__all__ = ["console", "folder"]  # fixtures


def test_a_copy_is_made_only_when_something_waits_and_there_is_something_to_lose(
    console: Console, folder: Path, data_dir: Path, database_kind: str
) -> None:
    copies = data_dir / "backups"
    applied(console())
    assert not copies.exists()
    applied(console())
    assert not copies.exists()
    write_migration(folder, "first", 2)
    app = console()
    applied(app)
    if database_kind == "postgres":
        assert not copies.exists()
        return
    (copy,) = copies.iterdir()
    assert copy.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(copy)) as connection:
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    assert "first_t1" in names
    assert "first_t2" not in names


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_branch_that_fails_at_every_start_pushes_no_other_copy_out(
    console: Console, folder: Path, data_dir: Path
) -> None:
    applied(console())
    write_migration(folder, "first", 2)
    applied(console())
    (good,) = (data_dir / "backups").iterdir()
    bad = write_migration(folder, "second", 2, body="raise ValueError")
    for _ in range(7):
        applied(console())
    copies = sorted((data_dir / "backups").iterdir())
    assert len(copies) == 2
    assert copies[0] == good
    bad.unlink()
    write_migration(folder, "second", 2)
    write_migration(folder, "second", 3)
    applied(console())
    assert len(sorted((data_dir / "backups").iterdir())) == 3


def test_altering_a_table_keeps_the_rows_that_point_to_it(console: Console, folder: Path) -> None:
    """SQLite copies the table; with foreign keys on that deletes what refers to it."""
    make = """
    op.create_table("first_parents", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("n", sa.Integer()))
    op.create_table(
        "first_children",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("parent_id", sa.Integer(), sa.ForeignKey("first_parents.id", ondelete="CASCADE")),
    )
    op.execute("INSERT INTO first_parents (id, n) VALUES (1, 1)")
    op.execute("INSERT INTO first_children (id, parent_id) VALUES (1, 1)")
    """
    alter = """
    with op.batch_alter_table("first_parents") as batch:
        batch.alter_column("n", type_=sa.String(20), existing_type=sa.Integer())
    """
    write_migration(folder, "first", 2, body=make)
    applied(console())
    write_migration(folder, "first", 3, body=alter)
    app = console()
    assert applied(app)["first"] == ("first_003",)
    with app.app_context():
        assert read_session().execute(text("SELECT parent_id FROM first_children")).all() == [(1,)]
        assert isinstance(inspect(db.engine).get_columns("first_parents")[1]["type"], String)
        if db.engine.dialect.name == "sqlite":
            assert read_session().execute(text("PRAGMA foreign_keys")).scalar_one() == 1


def test_a_migration_that_leaves_orphans_is_taken_back(console: Console, folder: Path) -> None:
    body = """
    op.create_table("first_children", sa.Column("platform_id", sa.Integer(), sa.ForeignKey("platforms.id")))
    op.execute("INSERT INTO first_children (platform_id) VALUES (99)")
    """
    write_migration(folder, "first", 2, body=body)
    app = console()
    applied(app)
    assert standing(app)["first"].state == "failed"
    assert tables(app) == {"second_t1"}


def test_the_statements_for_an_administrator_do_what_an_upgrade_does(
    console: Console, folder: Path, empty_database_url: str, database_kind: str
) -> None:
    app = console()
    script = migrations.upgrade_sql(app)
    assert tables(app) == set()
    assert "CREATE TABLE first_t1" in script
    if database_kind == "sqlite":
        path = empty_database_url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(script)
    else:
        done = subprocess.run(
            ["psql", "-v", "ON_ERROR_STOP=1", "-q", empty_database_url], input=script, text=True, check=False
        )
        assert done.returncode == 0
    again = console()
    assert states(again) == {"console": "current", "first": "current", "second": "current"}
    assert ledger(again) == [*CONSOLE, "first_001", "second_001"]
    assert migrations.upgrade_sql(again) == ""
    assert applied(again) == {"console": (), "first": (), "second": ()}


def test_one_modules_statements_alone(console: Console) -> None:
    app = console()
    applied_first = migrations.upgrade_sql(app, only="second")
    assert "second_t1" in applied_first
    assert "first_t1" not in applied_first
    with pytest.raises(Unknown):
        migrations.upgrade_sql(app, only="third")


@pytest.fixture
def declare() -> Iterator[Callable[..., Table]]:
    """Declares tables as a module's models would, for this test only."""
    made: list[Table] = []

    def make(name: str, *columns: Column[Any]) -> Table:
        made.append(Table(name, Base.metadata, Column("id", Integer, primary_key=True), *columns))
        return made[-1]

    yield make
    for table in made:
        Base.metadata.remove(table)


def test_a_new_revision_is_the_modules_own_in_the_guides_shape(
    console: Console, folder: Path, declare: Callable[..., Table]
) -> None:
    declare("first_t1", Column("note", String(50)))
    declare("first_notes", Column("first_id", ForeignKey("first_t1.id"), nullable=False, index=True))
    applied(console())
    path = migrations.new_revision(console(), "first", "Add notes to it")
    assert path == (folder / "first/migrations/versions/first_002_add_notes_to_it.py").resolve()
    written = path.read_text()
    head = r'"""Add notes to it\.\n\nRevision ID: first_002\nRevises: first_001\nCreate Date: \d{4}-\d\d-\d\d\n\n"""\n'
    assert re.match(head, written)
    for line in ('revision = "first_002"', 'down_revision = "first_001"', "branch_labels = None", "depends_on = None"):
        assert f"\n{line}\n" in written
    assert "first_notes" in written
    assert "note" in written
    assert "second_t1" not in written
    assert "platforms" not in written
    app = console()
    assert applied(app)["first"] == ("first_002",)
    with app.app_context():
        assert {column["name"] for column in inspect(db.engine).get_columns("first_t1")} == {"id", "note"}


def test_a_first_revision_carries_the_label(console: Console, folder: Path, declare: Callable[..., Table]) -> None:
    (folder / "dev_tools").mkdir()
    applied(console())
    declare("dev_tools_notes")
    path = migrations.new_revision(console(), "dev-tools", "Create notes")
    assert path.name == "dev_tools_001_create_notes.py"
    assert 'branch_labels = ("dev_tools",)\n' in path.read_text()
    assert "Revises:\n" in path.read_text()
    assert applied(console())["dev_tools"] == ("dev_tools_001",)


def test_a_new_revision_needs_its_tables_as_they_are_now(console: Console, folder: Path) -> None:
    applied(console())
    write_migration(folder, "first", 2)
    with pytest.raises(SchemaBehind, match="first_002"):
        migrations.new_revision(console(), "first", "Too early")
    write_migration(folder, "first", 2, branch_labels=("first",))
    with pytest.raises(RuleRefused):
        migrations.new_revision(console(), "first", "On a broken one")
    with pytest.raises(Unknown):
        migrations.new_revision(console(), "third", "Nobody's")


def test_other_modules_do_not_keep_one_from_a_new_revision(console: Console, folder: Path) -> None:
    applied(console())
    write_migration(folder, "second", 2)
    path = migrations.new_revision(console(), "first", "Alone")
    assert path.name == "first_002_alone.py"


def test_alembics_own_commands_work_on_the_same_configuration(console: Console, folder: Path) -> None:
    """Flask-Migrate's configuration has a location for each branch; its commands keep the ledger too."""
    app = console()
    with app.app_context():
        config = migrate_config(app, scan(app.extensions["console"].registry))
        assert app.extensions["migrate"].directory.endswith("migrations")
        command.upgrade(config, "heads")
    assert tables(app) == {"first_t1", "second_t1"}
    assert ledger(app) == [*CONSOLE, "first_001", "second_001"]
    with app.app_context():
        command.downgrade(config, "second@base")
    assert ledger(app) == [*CONSOLE, "first_001"]
    assert states(app) == {"console": "current", "first": "current", "second": "behind"}


def test_taking_back_what_was_never_applied_changes_nothing(console: Console) -> None:
    app = console()
    migrations.upgrade(app, only="first")
    with app.app_context(), system_scope():
        config = migrate_config(app, scan(app.extensions["console"].registry))
        command.downgrade(config, "first_001")
    assert ledger(app) == [*CONSOLE, "first_001"]


def test_start_up_does_not_import_alembic() -> None:
    code = (
        "import sys\n"
        "from console.services import migrations, schema\n"
        "sys.exit(any(name in sys.modules for name in ('alembic', 'flask_migrate')))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_the_bare_application_has_no_migrate_until_it_migrates(bare: Flask) -> None:
    assert "migrate" not in bare.extensions
    migrations.upgrade(bare)
    assert "migrate" in bare.extensions
