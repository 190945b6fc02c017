"""The files of a SQLite database are their owner's alone, however generous the process is with modes."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from console.services import migrations
from console.storage import private
from console.storage.base import db
from console.storage.engine import WRITE
from tests.storage.conftest import MakeBare

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def generous() -> Iterator[None]:
    """What a process makes everybody may read and write, unless it says otherwise."""
    before = os.umask(0)
    yield
    os.umask(before)


def modes(file: Path) -> dict[str, int]:
    return {each.name: stat.S_IMODE(each.stat().st_mode) for each in file.parent.glob(f"{file.name}*")}


def test_a_new_database_and_what_sqlite_makes_beside_it_are_the_owners_alone(
    make_bare: MakeBare, empty_database_url: str, data_dir: Path
) -> None:
    app = make_bare(empty_database_url)
    migrations.upgrade(app)
    with app.app_context(), db.engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
        connection.execute(text("UPDATE platforms SET revision = 0 WHERE false"))
        found = modes(data_dir / "console.db")
    del found["console.db.migrate.lock"]  # an empty file
    assert found == dict.fromkeys(("console.db", "console.db-wal", "console.db-shm"), 0o600)


def test_an_upgrade_closes_a_database_from_before(make_bare: MakeBare, database_url: str, data_dir: Path) -> None:
    file = data_dir / "console.db"
    file.chmod(0o664)
    assert private.open_to_others(file) == {file: 0o664}
    migrations.upgrade(make_bare(database_url))
    assert private.open_to_others(file) == {}
    assert modes(file)["console.db"] == 0o600


def test_the_copy_before_an_upgrade_is_the_owners_alone(make_bare: MakeBare, database_url: str, data_dir: Path) -> None:
    from console.services.migrations import exclusive
    from console.services.runtime import Runtime

    app = make_bare(database_url)
    rt: Runtime = app.extensions["console"]
    with app.app_context():
        copy = exclusive.back_up(db.engine, data_dir / "backups", rt.clock(), pending=["x"])
    assert copy is not None
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert copy.read_bytes().startswith(b"SQLite format 3")
