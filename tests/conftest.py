"""Databases and applications for all tests: a real SQLite file and a real PostgreSQL, each test with its own copy."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from console.services import migrations
from tests.support.bytecode import Kept
from tests.support.databases import Template, build_template, close
from tests.support.emptied import Shelf
from tests.support.postgres import Server, running_server

MakeApp = Callable[..., Flask]
KINDS = ("sqlite", "postgres")


@pytest.fixture(scope="session", autouse=True)
def compiled_templates() -> Iterator[None]:
    """Templates compile once in a test process, not once in each application."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", {"bytecode_cache": Kept()})
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The server of this test process."""
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A migrated SQLite file with the modules that are installed, and the key that it belongs to."""
    return build_template(tmp_path_factory.mktemp("template"), url=None)


@pytest.fixture(scope="session")
def postgres_template(tmp_path_factory: pytest.TempPathFactory, postgres: Server) -> tuple[Template, str]:
    """The same on PostgreSQL, with the name of its database."""
    name = postgres.create()
    return build_template(tmp_path_factory.mktemp("template"), url=postgres.url(name)), name


@pytest.fixture(scope="session")
def postgres_shelf(postgres: Server, postgres_template: tuple[Template, str]) -> Shelf:
    """Copies of that database, each used by one test after the other."""
    return Shelf(postgres, postgres_template[1])


@pytest.fixture(params=KINDS)
def database_kind(request: pytest.FixtureRequest) -> str:
    """``sqlite`` or ``postgres``: a test that uses it, or what follows, runs on both."""
    return str(request.param)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """The data folder of this test's application."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def database_url(request: pytest.FixtureRequest, database_kind: str, data_dir: Path) -> Iterator[str]:
    """A migrated, empty database of this test's own."""
    if database_kind == "sqlite":
        template: Template = request.getfixturevalue("template")
        shutil.copy(template.key, data_dir / "secret.key")
        shutil.copy(template.file, data_dir / "console.db")  # closed long since, so there is no WAL beside it
        yield f"sqlite:///{data_dir / 'console.db'}"
        return
    template, _name = request.getfixturevalue("postgres_template")
    shutil.copy(template.key, data_dir / "secret.key")
    with request.getfixturevalue("postgres_shelf").lent() as name:
        yield request.getfixturevalue("postgres").url(name)


@pytest.fixture
def empty_database_url(request: pytest.FixtureRequest, database_kind: str, data_dir: Path) -> Iterator[str]:
    """A database of this test's own without a single table."""
    if database_kind == "sqlite":
        yield f"sqlite:///{data_dir / 'console.db'}"
        return
    server: Server = request.getfixturevalue("postgres")
    name = server.create()
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def make_app(database_url: str, data_dir: Path) -> Iterator[MakeApp]:
    """Makes applications on this test's database, migrated for the modules that they have; settings by field name."""
    from console.app import create_app

    made: list[Flask] = []

    def make(**settings: object) -> Flask:
        given = {"data_dir": data_dir, "database_url": database_url, "insecure_http": True}
        app = create_app({**given, **settings})
        made.append(app)
        with app.app_context():
            from console.storage.base import db

            waiting = app.extensions["console"].unavailable or not migrations.console_at_head(db.engine)
            waiting = waiting or migrations.unavailable(db.engine, app.extensions["console"].registry)
        if waiting:
            migrations.upgrade(app)
        return app

    yield make
    for app in made:
        close(app)


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    """The console with its seven modules on an empty database."""
    return make_app()
