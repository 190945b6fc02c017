"""A file that takes no writes: they are refused, reading goes on, and it heals in the same process."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection

from console.domain.words import Role
from console.storage.base import db
from console.storage.uow import end_read
from tests.support.shop import Shop
from tests.support.unprivileged import bound_by_modes
from tests.support.waiting import until
from tests.torture.faults_dump import eye_on

Trouble = Callable[[Flask, Path], AbstractContextManager[None]]
ENOUGH_TO_GROW = 60
"""So many switches do not fit into what is left of a page."""


@contextmanager
def only_to_be_read(app: Flask, file: Path) -> Iterator[None]:
    """Connections are made anew, as in a process that starts then."""
    with bound_by_modes():
        file.chmod(0o444)
        try:
            yield
        finally:
            for each in file.parent.glob(f"{file.name}*"):  # what SQLite made beside it meanwhile has its mode
                each.chmod(0o600)


@contextmanager
def full(app: Flask, file: Path) -> Iterator[None]:
    """The file may not grow."""
    limit = {"pages": 1}

    def hold(connection: DBAPIConnection, *_: object) -> None:
        connection.cursor().execute(f"PRAGMA max_page_count={limit['pages']}")

    with app.app_context():
        event.listen(db.engine, "checkout", hold)
        try:
            yield
        finally:
            limit["pages"] = 1_000_000


@contextmanager
def failing(app: Flask, file: Path) -> Iterator[None]:
    """The system lets no file grow beyond a few pages; SQLite calls that an I/O error."""
    with app.app_context():
        end_read()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8 * 4096, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("trouble", [only_to_be_read, full, failing])
def test_a_file_that_takes_no_writes_is_read_and_heals_in_the_same_process(
    shop: Shop, database_url: str, trouble: Trouble
) -> None:
    admin, token = shop.person(Role.PLATFORM_ADMIN), shop.token(shop.acme)
    eye = eye_on(database_url)

    def ask(number: int) -> int:
        want = "on" if number % 2 else "off"
        answer = token.send("PUT", "/api/admin/modules/analytics", {"want": want})
        if answer.status_code == 503:
            assert answer.get_json()["error"]["code"] == "storage_unavailable"
            assert int(answer.headers["Retry-After"]) >= 1
        return answer.status_code

    eye.close()
    with shop.app.app_context():
        db.session.remove()
        db.engine.dispose()
    with trouble(shop.app, Path(database_url.removeprefix("sqlite:///"))):
        refused = next(number for number in range(1, ENOUGH_TO_GROW) if ask(number) == 503)
        before = eye.rows()
        assert ask(refused) == 503
        assert admin.get("/admin/acme/modules").status_code == 200
        assert eye.rows() == before
        eye.close()
    # A connection that was opened meanwhile is found out by its first write.
    until(lambda: ask(refused + 1) == 200)
    until(lambda: ask(refused) == 200)
    eye.close()
