"""db upgrade, migrate, migrations, revision; and what everything else says before."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from console.app import create_app
from console.storage.base import db
from tests.cli.documents import ErrorDocument, ListDocument
from tests.cli.shell import Process, Shell
from tests.support.databases import close
from tests.support.revisions import HEAD

LABELS = {"console", "analytics", "billing", "cms", "payments", "orders"}


@pytest.fixture(params=["sqlite", "postgres"])
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty(empty_database_url: str, data_dir: Path) -> Shell:
    """A console on a database without a single table."""
    return Shell(create_app({"data_dir": data_dir, "database_url": empty_database_url}))


def test_a_database_behind_the_code_is_exit_6_and_names_the_way(empty: Shell) -> None:
    for words in (["modules", "list"], ["platforms", "create", "acme"], ["users", "list"], ["setup-link"]):
        error = empty.document(ErrorDocument, *words, code=6).error
        assert (error.code, error.hint) == ("schema_behind", "Run `module-console db upgrade`.")


def test_db_upgrade_applies_every_branch_and_then_nothing(empty: Shell) -> None:
    reports = empty.json("db", "upgrade")["branches"]
    assert {report["branch"] for report in reports if report["applied"]} == LABELS
    assert {report["error"] for report in reports} == {None}
    assert empty.run("db", "upgrade").out == "Everything is at its version.\n"
    assert {each["state"] for each in empty.json("modules", "migrations")["branches"]} == {"current"}
    assert empty.json("platforms", "list")["platforms"] == []
    close(empty.app)


def test_what_waits_can_be_seen_before(empty: Shell) -> None:
    waiting = empty.run("modules", "migrations", "--json")
    assert waiting.code == 1
    assert {each["branch"] for each in waiting.json["branches"] if each["state"] == "behind"} >= LABELS
    dry = empty.json("modules", "migrate", "--dry-run")["branches"]
    assert {each["branch"]: each["pending"][0] for each in dry}["cms"] == "cms_001"
    sql = empty.run("db", "upgrade", "--sql").out
    assert "CREATE TABLE platforms" in sql
    assert "CREATE TABLE cms_content_pages" in sql
    assert "CREATE TABLE platforms" in empty.json("modules", "migrate", "--sql")["sql"]
    assert empty.run("modules", "list").code == 6, "nothing was changed"
    apply_by_hand(empty.app, sql)
    assert {each["state"] for each in empty.json("modules", "migrations")["branches"]} == {"current"}
    close(empty.app)


def apply_by_hand(app: Flask, script: str) -> None:
    """Run a script of many statements, as an administrator of the database would."""
    with app.app_context():
        raw = db.engine.raw_connection()
        driver: Any = raw.driver_connection  # any: sqlite3's or psycopg's own connection
        if db.engine.dialect.name == "sqlite":
            driver.execute("PRAGMA query_only=OFF")
            driver.executescript(script)
        else:
            driver.autocommit = True
            driver.execute(script)
        raw.invalidate()


def test_one_module_can_be_migrated_alone(empty: Shell) -> None:
    assert empty.run("modules", "migrate", "cms").code == 0
    states = {each["branch"]: each["state"] for each in empty.json("modules", "migrations", code=1)["branches"]}
    assert (states["console"], states["cms"], states["orders"]) == ("current", "current", "behind")
    assert empty.run("platforms", "create", "acme").code == 0
    error = empty.document(ErrorDocument, "modules", "enable", "orders", "--yes", code=4).error
    assert error.code == "needs_migration"
    close(empty.app)


def test_flask_db_upgrade_is_the_same_without_an_app(empty_database_url: str, data_dir: Path, tmp_path: Path) -> None:
    variables = {"CONSOLE_DATA_DIR": str(data_dir), "CONSOLE_DATABASE_URL": empty_database_url}
    flask = Process(tmp_path, variables, (sys.executable, "-m", "flask"))
    done = flask.run("db", "upgrade")
    assert done.code == 0, done.err
    assert "cms: applied cms_001" in done.out
    assert flask.run("db", "upgrade").out == "Everything is at its version.\n"
    heads = flask.run("db", "heads").out
    assert f"{HEAD} (console)" in heads
    assert "orders_001 (orders)" in heads
    assert flask.run("modules", "list", "--json").code == 2, "there is no platform yet"


def test_a_new_migration_has_the_guides_name_and_is_applied(process: Process, tmp_path: Path) -> None:
    folder = tmp_path / "more" / "loyalty"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "definition.py").write_text(DEFINITION)
    (folder / "models.py").write_text(MODELS)
    process = Process(process.folder, {**process.variables, "CONSOLE_MODULES_PATH": str(folder.parent)})
    written = process.run("modules", "revision", "loyalty", "-m", "create points", "--json").json["path"]
    assert Path(written) == folder / "migrations" / "versions" / "loyalty_001_create_points.py"
    text = Path(written).read_text()
    assert "loyalty_points" in text
    assert "cms_" not in text
    assert process.run("modules", "migrate", "loyalty").out == "loyalty: applied loyalty_001\n"
    assert process.run("platforms", "create", "acme").code == 0
    assert process.run("modules", "enable", "loyalty").code == 0
    shutil.rmtree(folder)
    gone = process.run("modules", "migrations", "--json")
    assert gone.code == 0
    assert {each["branch"]: each["state"] for each in gone.json["branches"]}["loyalty"] == "missing"
    assert process.run("db", "upgrade").code == 0, "a package that left the disk never blocks the rest"
    listed = process.run("modules", "list", "--json").document(ListDocument).by_code()["loyalty"]
    assert (listed.wanted, listed.state, listed.version) == (True, "enabled", "")
    assert "its package is not installed" in listed.problems[0]
    assert ["loyalty", "enabled (missing)"] in [row[:2] for row in process.run("modules", "list").rows]
    shown = process.run("modules", "show", "loyalty", "--json").json["module"]
    assert (shown["missing"], shown["routes"], shown["migrations"]["state"]) == (True, [], "missing")
    assert process.run("modules", "show", "loyalty").code == 0
    for words in (["is-enabled"], ["enable"], ["disable"], ["why"], ["health"], ["config", "list"], ["routes"]):
        assert process.run("modules", *words, "loyalty").code == 3, words


def test_a_new_migration_needs_a_module_and_a_message(shell: Shell) -> None:
    assert shell.run("modules", "revision", "loyalti", "-m", "x").code == 3
    assert shell.run("modules", "revision", "cms").code == 2


DEFINITION = "from console.sdk import ModuleDefinition\nmodule = ModuleDefinition(code='loyalty', name='Loyalty')\n"
MODELS = """
from sqlalchemy.orm import Mapped, mapped_column
from console.sdk import Base, PlatformOwned

class Point(PlatformOwned, Base):
    __tablename__ = "loyalty_points"
    id: Mapped[int] = mapped_column(primary_key=True)
"""
