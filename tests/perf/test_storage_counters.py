"""Counters of storage that have no noise."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event

from console.domain.registry import build
from console.domain.words import Role
from console.services import migrations
from console.settings import load_settings
from console.storage.base import db
from console.storage.tables import Platform
from console.storage.uow import read_session, unit_of_work
from console.testing.journeys import make_platform, make_vendor, switch
from console.testing.people import Visitor, log_in
from tests.storage.made import add_tenants, installed_in, write_migration
from tests.support.databases import bare_app, close

BRANCHES = 5


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "modules"
    for branch in range(BRANCHES):
        for number in (1, 2, 3):
            write_migration(found, f"m{branch}", number)
    return found


def commits_of_upgrade(folder: Path, url: str, data_dir: Path) -> int:
    """Transactions that an upgrade commits with something in them."""
    app = bare_app(load_settings({"data_dir": data_dir, "database_url": url}, {}), build(installed_in(folder)))
    commits: list[object] = []
    with app.app_context():
        event.listen(db.engine, "commit", commits.append)
    migrations.upgrade(app)
    close(app)
    return len(commits)


def test_an_upgrade_commits_once_for_each_branch_with_something_to_do(
    folder: Path, empty_database_url: str, data_dir: Path
) -> None:
    assert commits_of_upgrade(folder, empty_database_url, data_dir) == 1 + BRANCHES
    assert commits_of_upgrade(folder, empty_database_url, data_dir) == 0
    write_migration(folder, "m1", 4)
    write_migration(folder, "m3", 4)
    assert commits_of_upgrade(folder, empty_database_url, data_dir) == 2


@pytest.fixture
def bare(database_url: str, data_dir: Path):  # type: ignore[no-untyped-def]
    app = bare_app(load_settings({"data_dir": data_dir, "database_url": database_url}, {}))
    yield app
    close(app)


def test_a_unit_of_work_commits_once_and_a_reader_never(bare: Flask) -> None:
    with bare.app_context():
        add_tenants()
        commits: list[object] = []
        event.listen(db.engine, "commit", commits.append)
        with unit_of_work() as uow:
            uow.lock_platform(1).revision += 1
            with unit_of_work() as inner:
                inner.lock_platform(2).revision += 1
        assert len(commits) == 1
        read_session().get_one(Platform, 1)
    assert len(commits) == 1


def test_the_schema_is_judged_in_two_statements_however_many_modules_there_are(
    folder: Path, empty_database_url: str, data_dir: Path
) -> None:
    app = bare_app(
        load_settings({"data_dir": data_dir, "database_url": empty_database_url}, {}), build(installed_in(folder))
    )
    migrations.upgrade(app)
    with app.app_context():
        statements: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
        assert migrations.console_at_head(read_session())
        assert len(statements) <= 2
        del statements[:]
        assert migrations.unavailable(read_session(), app.extensions["console"].registry) == {}
        assert len(statements) <= 2
    close(app)


def statements_of(app: Flask, person: Visitor, path: str) -> int:
    """Statements of a request that was made before."""
    person.get(path)
    seen: list[object] = []

    def note(*given: object) -> None:
        seen.append(given)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
        try:
            assert person.get(path).status_code == 200
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


@pytest.mark.parametrize(
    "page", ["/instance/", "/instance/platforms", "/instance/modules", "/instance/users", "/instance/audit"]
)
def test_pages_of_the_instance_ask_no_more_when_there_are_more_platforms(app: Flask, page: str) -> None:
    make_platform(app, "acme", "Acme")
    root = log_in(app, Role.INSTANCE_ADMIN)
    before = statements_of(app, root, page)
    for slug in ("north", "south", "west"):
        make_vendor(app, make_platform(app, slug, slug.title()), f"{slug}-shop", "Shop")
    assert statements_of(app, root, page) == before


@pytest.mark.parametrize("page", ["/admin/acme/", "/admin/acme/operations", "/admin/acme/audit"])
def test_pages_of_a_platform_ask_no_more_when_more_has_happened(app: Flask, page: str) -> None:
    acme = make_platform(app, "acme", "Acme")
    root = log_in(app, Role.INSTANCE_ADMIN)
    switch(app, acme.id, "analytics", on=True)
    make_vendor(app, acme, "first-shop", "Shop")
    before = statements_of(app, root, page)
    for on in (False, True):
        switch(app, acme.id, "analytics", on=on)
    make_vendor(app, acme, "second-shop", "Shop")
    assert statements_of(app, root, page) == before
