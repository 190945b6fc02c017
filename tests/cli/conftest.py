"""Shells: fast ones inside the test's process, and real processes on the test's database."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from console.app import create_app
from tests.cli.shell import Process, Shell
from tests.support.bench import HOSTILE, QUICK
from tests.support.calls import VARIABLE
from tests.support.databases import Template, close
from tests.support.hashing import forbid_in_units

MakeApp = Callable[..., Flask]


@pytest.fixture(autouse=True)
def no_hash_in_a_unit_of_work(monkeypatch: pytest.MonkeyPatch) -> None:
    forbid_in_units(monkeypatch)


@pytest.fixture
def database_kind() -> str:
    """One database is enough where nothing but the command line is looked at; others ask for both."""
    return "sqlite"


@pytest.fixture(scope="session")
def acme_file(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file with the platform ``acme``, whose core modules are on."""
    folder = tmp_path_factory.mktemp("acme")
    shutil.copy(template.key, folder / "secret.key")
    copy_database(template.file, folder / "console.db")
    app = create_app({**QUICK, "data_dir": folder})
    assert Shell(app).run("platforms", "create", "acme", "--name", "Acme").code == 0
    close(app)
    return folder / "console.db"


def copy_database(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


@pytest.fixture
def shell(make_app: MakeApp, acme_file: Path, data_dir: Path) -> Shell:
    """A console with its seven modules and the platform ``acme``."""
    copy_database(acme_file, data_dir / "console.db")
    return Shell(make_app(**QUICK))


@pytest.fixture
def rough(make_app: MakeApp, acme_file: Path, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """The same with modules that misbehave: ``sticky``, ``vault`` and the broken one."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "calls"))
    copy_database(acme_file, data_dir / "console.db")
    return Shell(make_app(modules_path=[HOSTILE / "cli"], **{**QUICK, "hook_attempts": 1}))


@pytest.fixture
def process(database_url: str, data_dir: Path, tmp_path: Path) -> Process:
    """Commands as processes, on a migrated database without a platform."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return Process(folder, {"CONSOLE_DATA_DIR": str(data_dir), "CONSOLE_DATABASE_URL": database_url})
