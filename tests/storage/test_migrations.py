"""Upgrades: every installed module, one transaction a branch, and what is wrong with one stays with that one."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import inspect, select, text

from console.domain.registry import build
from console.errors import Busy, CannotStart, Unknown, WrongKey
from console.services import migrations, schema
from console.services.migrations.standing import BranchStatus
from console.settings import load_settings
from console.storage.base import db
from console.storage.engine import WRITE
from console.storage.tables import MigrationLedger, Platform
from console.storage.tenancy import system_scope
from console.storage.uow import read_session
from tests.storage.children import start
from tests.storage.made import add_tenants, installed_in, write_migration
from tests.support.databases import bare_app, close
from tests.support.revisions import CONSOLE, HEAD

Console = Callable[[], Flask]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The installed modules of a test: ``first`` and ``second`` with a migration each."""
    found = tmp_path / "modules"
    for label in ("first", "second"):
        write_migration(found, label)
    return found


@pytest.fixture
def console(folder: Path, empty_database_url: str, data_dir: Path) -> Iterator[Console]:
    """Starts a console with what is in the folder now, on the one database of the test."""
    made: list[Flask] = []

    def begin() -> Flask:
        settings = load_settings({"data_dir": data_dir, "database_url": empty_database_url}, {})
        made.append(bare_app(settings, build(installed_in(folder))))
        return made[-1]

    yield begin
    for app in made:
        close(app)


def applied(app: Flask) -> dict[str, tuple[str, ...]]:
    return {report.branch: report.applied for report in migrations.upgrade(app)}


def standing(app: Flask) -> dict[str, BranchStatus]:
    return {each.branch: each for each in migrations.status(app)}


def states(app: Flask) -> dict[str, str]:
    return {branch: each.state for branch, each in standing(app).items()}


def tables(app: Flask) -> set[str]:
    with app.app_context():
        return {name for name in inspect(db.engine).get_table_names() if name.startswith(("first", "second"))}


def ledger(app: Flask) -> list[str]:
    with app.app_context():
        return sorted(read_session().scalars(select(MigrationLedger.revision)))


def test_a_fresh_database_gets_everything_and_then_nothing(console: Console) -> None:
    app = console()
    assert states(app) == {"console": "behind", "first": "behind", "second": "behind"}
    assert applied(app) == {
        "console": CONSOLE,
        "first": ("first_001",),
        "second": ("second_001",),
    }
    assert tables(app) == {"first_t1", "second_t1"}
    assert states(app) == {"console": "current", "first": "current", "second": "current"}
    assert ledger(app) == [*CONSOLE, "first_001", "second_001"]
    assert applied(app) == {"console": (), "first": (), "second": ()}


def test_the_ledger_keeps_a_revisions_place(console: Console, folder: Path) -> None:
    write_migration(folder, "second", 2, depends_on="console_001")
    app = console()
    applied(app)
    with app.app_context():
        row = read_session().get_one(MigrationLedger, "second_002")
        assert (row.branch, row.module, row.down_revision) == ("second", "second", "second_001")
        assert (row.depends_on, row.description) == (["console_001"], "Step 2 of second.")
        assert read_session().get_one(MigrationLedger, "console_001").module is None


def test_what_depends_on_the_console_does_not_hide_it(console: Console, folder: Path) -> None:
    """``alembic_version`` loses the console's row then; the graph knows better."""
    write_migration(folder, "second", 2, depends_on="console_001")
    app = console()
    applied(app)
    assert (standing(app)["console"].current, standing(app)["console"].state) == (HEAD, "current")
    assert applied(app) == {"console": (), "first": (), "second": ()}


def test_a_dash_in_the_code_is_an_underscore_in_the_branch(console: Console, folder: Path) -> None:
    write_migration(folder, "dev_tools")
    app = console()
    assert applied(app)["dev_tools"] == ("dev_tools_001",)
    assert standing(app)["dev_tools"].module == "dev-tools"


def test_one_module_alone_brings_the_console_with_it(console: Console) -> None:
    app = console()
    assert [report.branch for report in migrations.upgrade(app, only="second")] == ["console", "second"]
    assert states(app) == {"console": "current", "first": "behind", "second": "current"}
    with pytest.raises(Unknown):
        migrations.upgrade(app, only="third")


def test_a_migration_that_raises_parks_its_module_and_leaves_no_trace(console: Console, folder: Path) -> None:
    write_migration(
        folder, "first", 2, body='op.create_table("first_t2", sa.Column("id", sa.Integer()))\nraise KeyError("no")'
    )
    app = console()
    reports = {report.branch: report for report in migrations.upgrade(app)}
    assert reports["first"].error == "KeyError: 'no'"
    assert reports["second"].applied == ("second_001",)
    assert tables(app) == {"second_t1"}
    assert ledger(app) == [*CONSOLE, "second_001"]
    found = standing(app)["first"]
    assert (found.state, found.pending, found.error) == ("failed", ("first_001", "first_002"), "KeyError: 'no'")
    with app.app_context():
        assert set(migrations.unavailable(db.engine, app.extensions["console"].registry)) == {"first"}

    write_migration(folder, "first", 2)
    again = console()
    assert applied(again)["first"] == ("first_001", "first_002")
    assert standing(again)["first"] == BranchStatus("first", "first", "first_002", "first_002", "current")


FULL_BEFORE_CLEAN_UP = 'from console.errors import Busy\ntry:\n    raise Busy("full")\nexcept Busy:\n    {}[0]'
FULL_BELOW_SQLALCHEMY = """raw = op.get_bind().connection.cursor()
raw.execute("PRAGMA max_page_count=1")
raw.execute("CREATE TABLE first_big AS SELECT zeroblob(2000000) AS x")"""


@pytest.mark.parametrize(
    ("database_kind", "body"),
    [
        ("sqlite", FULL_BEFORE_CLEAN_UP),
        ("postgres", FULL_BEFORE_CLEAN_UP),
        ("sqlite", FULL_BELOW_SQLALCHEMY),
    ],
    indirect=["database_kind"],
)
def test_a_database_in_trouble_is_not_the_migrations_fault(console: Console, folder: Path, body: str) -> None:
    first = write_migration(folder, "first", 2, body=body)
    app = console()
    with pytest.raises(Busy, match="full"):
        migrations.upgrade(app)
    assert states(app)["first"] == "behind", "nobody is blamed"
    first.unlink()
    write_migration(folder, "first", 2)
    assert applied(console())["first"] == ("first_001", "first_002")


BROKEN: dict[str, tuple[dict[str, object], str]] = {
    "a label that is missing": ({"branch_labels": None}, "branch_labels must be"),
    "a foreign label": ({"branch_labels": ("second",)}, "branch_labels must be"),
    "an id that the file does not say": ({"revision": "first_009"}, "the file name says 'first_001'"),
    "an id of another module": ({"revision": "second_001"}, "the file name says 'first_001'"),
    "an unknown beginning": ({"down_revision": "first_000", "branch_labels": None}, "is not in this folder"),
    "a merge": ({"down_revision": ("a", "b")}, "a branch is one line"),
    "another module's revision": ({"depends_on": "second_001"}, "only the console's"),
    "another module's table": ({"body": 'op.create_table("second_x", sa.Column("id", sa.Integer()))'}, "'second_x'"),
    "the console's table": ({"body": 'op.drop_table("platforms")'}, "'platforms'"),
    "a table whose name is made": (
        {"body": 'op.create_table("sec" + "ond_x", sa.Column("id", sa.Integer()))'},
        "'second_x'",
    ),
    "a broken syntax": ({"body": "def"}, "first_001_step.py:"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_fault_in_one_module_parks_only_that_module(console: Console, folder: Path, fault: str) -> None:
    changes, words = BROKEN[fault]
    write_migration(folder, "first", **changes)  # type: ignore[arg-type]
    app = console()
    reports = {report.branch: report for report in migrations.upgrade(app)}
    assert words in (reports["first"].error or "")
    assert reports["second"].applied == ("second_001",)
    assert states(app) == {"console": "current", "first": "failed", "second": "current"}
    assert tables(app) == {"second_t1"}


def test_a_file_that_cannot_be_imported_or_has_a_strange_name_parks_its_module(console: Console, folder: Path) -> None:
    path = write_migration(folder, "first")
    path.write_text("import nothing_of_that_name\n")
    assert "nothing_of_that_name" in (standing(console())["first"].error or "")
    path.rename(path.with_name("initial.py"))
    app = console()
    assert "a file is named first_001_what_it_does.py" in (standing(app)["first"].error or "")
    assert applied(app)["second"] == ("second_001",)
    with app.app_context():
        assert "first" in migrations.unavailable(db.engine, app.extensions["console"].registry)


def test_two_files_with_one_id_and_two_ends_are_faults(console: Console, folder: Path) -> None:
    path = write_migration(folder, "first")
    other = path.with_name("first_001_again.py")
    shutil.copy(path, other)
    assert standing(console())["first"].error == "the revision first_001 is there twice"
    other.unlink()
    for number in (2, 3):
        write_migration(folder, "first", number, down_revision="first_001")
    assert "first_002 and first_003 both follow first_001" in (standing(console())["first"].error or "")


def test_a_prefix_that_begins_another_one_owns_nothing_of_it(console: Console, folder: Path) -> None:
    write_migration(folder, "first_extra")
    write_migration(folder, "first", body='op.create_table("first_extra_t9", sa.Column("id", sa.Integer()))')
    app = console()
    reports = {report.branch: report for report in migrations.upgrade(app)}
    assert "'first_extra_t9' is not of this module" in (reports["first"].error or "")
    assert reports["first_extra"].applied == ("first_extra_001",)


def test_a_package_that_left_is_missing_and_comes_back(console: Console, folder: Path, tmp_path: Path) -> None:
    write_migration(folder, "second", 2, depends_on="console_001")
    applied(console())
    shutil.move(folder / "second", tmp_path / "away")
    write_migration(folder, "first", 2)
    app = console()
    assert applied(app) == {"console": (), "first": ("first_002",)}
    assert states(app) == {"console": "current", "first": "current", "second": "missing"}
    gone = standing(app)["second"]
    assert (gone.module, gone.head, gone.current) == ("second", None, "second_002")
    assert "second_t1" in tables(app)

    shutil.move(tmp_path / "away", folder / "second")
    write_migration(folder, "second", 3)
    back = console()
    assert applied(back) == {"console": (), "first": (), "second": ("second_003",)}
    assert states(back) == {"console": "current", "first": "current", "second": "current"}


def test_an_older_package_is_drifted_and_blocks_nobody(console: Console, folder: Path) -> None:
    newer = write_migration(folder, "second", 2)
    applied(console())
    newer.unlink()
    write_migration(folder, "first", 2)
    app = console()
    assert applied(app)["first"] == ("first_002",)
    found = standing(app)["second"]
    assert (found.state, found.head, found.current) == ("drifted", "second_001", "second_002")


def test_a_database_of_a_newer_console_is_refused(console: Console) -> None:
    app = console()
    applied(app)
    with app.app_context(), db.engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
        connection.execute(
            text(
                "INSERT INTO migration_ledger (revision, branch, down_revision, depends_on, description, applied_at)"
                " VALUES ('console_099', 'console', :head, '[]', '', '2026-03-01 12:00:00')"
            ),
            {"head": HEAD},
        )
    with pytest.raises(CannotStart, match="console_099"):
        migrations.upgrade(app)
    with app.app_context():
        assert not migrations.console_at_head(db.engine)


def test_a_foreign_key_file_is_refused_before_anything_is_done(console: Console, folder: Path, data_dir: Path) -> None:
    applied(console())
    (data_dir / "secret.key").unlink()
    write_migration(folder, "first", 2)
    app = console()
    with pytest.raises(WrongKey):
        migrations.upgrade(app)
    assert "first_t2" not in tables(app)


def test_the_cheap_answers_agree_with_the_graph(console: Console, folder: Path) -> None:
    app = console()
    with app.app_context():
        assert not migrations.console_at_head(db.engine)
        assert set(migrations.unavailable(db.engine, app.extensions["console"].registry)) == {"first", "second"}
    applied(app)
    write_migration(folder, "first", 2)
    with app.app_context():
        assert migrations.console_at_head(db.engine)
        assert migrations.console_at_head(read_session())
        found = migrations.unavailable(read_session(), app.extensions["console"].registry)
    assert {code: (notice.code, notice.module) for code, notice in found.items()} == {
        "first": ("needs_migration", "first")
    }
    assert "first_002" in found["first"].message


def test_a_running_process_notices_what_another_one_applied(console: Console, folder: Path) -> None:
    applied(console())
    with console().app_context():
        add_tenants()
    write_migration(folder, "first", 2)
    running = console()
    rt = running.extensions["console"]
    with running.app_context():
        schema.refresh(read_session(), rt)
        assert set(rt.unavailable) == {"first"}
        before = read_session().get_one(Platform, 1).revision
    applied(console())
    with running.app_context():
        assert read_session().get_one(Platform, 1).revision > before
        schema.refresh(read_session(), rt)
        assert rt.unavailable == {}


def test_data_of_tenants_may_be_migrated(console: Console, folder: Path) -> None:
    write_migration(folder, "first", 2, body='op.execute("INSERT INTO first_t1 (id) VALUES (7)")')
    app = console()
    assert applied(app)["first"] == ("first_001", "first_002")
    with app.app_context(), system_scope():
        assert read_session().execute(text("SELECT id FROM first_t1")).scalar_one() == 7


def test_a_kill_in_the_middle_is_as_if_nothing_had_happened(
    console: Console, folder: Path, empty_database_url: str, data_dir: Path
) -> None:
    body = """
    op.create_table("second_t2", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("n", sa.Integer()))
    op.create_index("ix_second_t2_n", "second_t2", ["n"])
    """
    applied(console())
    write_migration(folder, "second", 2, body=body)
    child = start("die_while_upgrading", empty_database_url, data_dir, str(folder))
    child.communicate()
    assert child.returncode == -signal.SIGKILL
    app = console()
    assert tables(app) == {"first_t1", "second_t1"}
    assert applied(app)["second"] == ("second_002",)
    assert tables(app) == {"first_t1", "second_t1", "second_t2"}


def test_processes_that_upgrade_together_apply_each_revision_once(
    console: Console, folder: Path, empty_database_url: str, data_dir: Path
) -> None:
    children = [start("upgrade", empty_database_url, data_dir, str(folder)) for _ in range(3)]
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    said = [line for child in children for line in child.communicate()[0].split()]
    assert [child.returncode for child in children] == [0, 0, 0]
    assert sorted(said) == [*CONSOLE, "first_001", "second_001"]
    assert states(console()) == {"console": "current", "first": "current", "second": "current"}
