"""A database that cannot be used is named as what it is, in one sentence, and nobody's data is half written."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from console.errors import OutsideUnitOfWork, StorageUnavailable
from console.services import migrations, schema
from console.storage.base import db
from console.storage.tables import InstanceMeta, Platform
from console.storage.uow import end_read, read_session, unit_of_work
from tests.storage.conftest import MakeBare
from tests.storage.made import add_tenants
from tests.torture.faults_driver import ended_by, watch

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("database_kind", ["postgres"], indirect=True)


def platforms() -> list[str]:
    end_read()
    return list(read_session().scalars(select(Platform.slug).order_by(Platform.id)))


@on_sqlite
def test_a_file_that_cannot_be_written_to_is_still_read(make_bare: MakeBare, database_url: str) -> None:
    with make_bare(database_url).app_context():
        assert platforms() == []
    app = make_bare(f"sqlite:///file:{database_url.removeprefix('sqlite:///')}?mode=ro&uri=true")
    with app.app_context():
        assert platforms() == []
        with pytest.raises(StorageUnavailable, match="cannot be written to") as caught, unit_of_work() as uow:
            schema.check_writable(uow)
        assert (caught.value.status, caught.value.exit_code) == (503, 6)
        assert "writable" in str(caught.value.hint)
        with pytest.raises(OutsideUnitOfWork):
            read_session().execute(text("DELETE FROM platforms"))


@on_sqlite
def test_a_full_disk_is_named_and_nothing_is_half_written(bare: Flask) -> None:
    with bare.app_context():
        add_tenants()
        with pytest.raises(StorageUnavailable, match="cannot grow") as caught, unit_of_work() as uow:
            pages = uow.session.execute(text("PRAGMA page_count")).scalar_one()
            uow.session.execute(text(f"PRAGMA max_page_count={pages}"))
            uow.session.add(InstanceMeta(name="small", value="x"))
            uow.session.flush()
            uow.session.add(InstanceMeta(name="large", value="x" * 2_000_000))
            uow.session.flush()
        assert "make room" in str(caught.value.hint)
        assert platforms() == ["north", "south"]
        assert read_session().get(InstanceMeta, "small") is None


@pytest.mark.parametrize("content", [b"not a database" * 400, b"SQLite format 3\0" + b"\xff" * 8000])
def test_a_damaged_file_is_said_to_be_damaged(make_bare: MakeBare, data_dir: Path, content: bytes) -> None:
    (data_dir / "other.db").write_bytes(content)
    app = make_bare(f"sqlite:///{data_dir / 'other.db'}")
    with app.app_context(), pytest.raises(StorageUnavailable, match="is damaged"):
        platforms()


def test_a_folder_that_cannot_be_made_is_named(make_bare: MakeBare, data_dir: Path) -> None:
    (data_dir / "file").write_text("in the way")
    app = make_bare(f"sqlite:///{data_dir / 'file' / 'console.db'}")
    with pytest.raises(StorageUnavailable, match="Cannot write in"):
        migrations.upgrade(app)
    with app.app_context(), pytest.raises(StorageUnavailable, match="cannot be opened"):
        platforms()


def test_a_server_that_is_not_there_is_named(make_bare: MakeBare, data_dir: Path) -> None:
    app = make_bare(f"postgresql://nobody:secret@/gone?host={data_dir}")
    with app.app_context(), pytest.raises(StorageUnavailable, match=r"does not answer: .*No such file") as caught:
        platforms()
    assert "secret" not in str(caught.value)


@on_postgres
def test_a_connection_lost_at_rest_is_made_again(bare: Flask) -> None:
    with bare.app_context():
        add_tenants()
        with unit_of_work() as uow:
            schema.check_writable(uow)
        platforms()
        end_read()
        end_the_others(bare)
        assert platforms() == ["north", "south"]


@on_postgres
@pytest.mark.parametrize("at", [1, 2, 3, 4])
def test_a_connection_lost_at_the_first_questions_to_the_server_is_named(
    make_bare: MakeBare, database_url: str, at: int
) -> None:
    with make_bare(database_url).app_context():
        trouble = watch(db.engine)
        trouble.begin(ended_by(database_url), at)
        with pytest.raises(StorageUnavailable, match="does not answer"), db.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        assert trouble.met == 1
        assert platforms() == []


@on_postgres
def test_a_connection_lost_in_a_unit_of_work_takes_all_of_it_back(bare: Flask) -> None:
    with bare.app_context():
        add_tenants()
        with pytest.raises(StorageUnavailable, match="does not answer"), unit_of_work() as uow:
            uow.lock_platform(1).slug = "renamed"
            uow.session.flush()
            end_the_others(bare)
            uow.session.flush()
            uow.lock_platform(2)
        assert platforms() == ["north", "south"]


def test_an_error_that_the_code_passes_over_is_no_success(bare: Flask) -> None:
    """SQLite may roll back by itself, Postgres refuses all that follows; a COMMIT then succeeds and keeps nothing."""
    with bare.app_context():
        add_tenants()
        with pytest.raises(StorageUnavailable, match="taken the transaction back"), unit_of_work() as uow:
            uow.lock_platform(1).slug = "renamed"
            uow.session.flush()
            with suppress(IntegrityError):
                uow.session.execute(text(TWICE[db.engine.dialect.name]))
        assert platforms() == ["north", "south"]
        with unit_of_work() as uow:
            uow.lock_platform(1).slug = "renamed"
        assert platforms() == ["renamed", "south"]


TWICE = {
    "sqlite": "INSERT OR ROLLBACK INTO platforms SELECT * FROM platforms",
    "postgresql": "INSERT INTO platforms SELECT * FROM platforms",
}


def end_the_others(app: Flask) -> None:
    """The server ends every other connection of this database, as one that is restarted does."""
    with psycopg.connect(app.extensions["console"].settings.database_url) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
