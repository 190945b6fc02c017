"""A console with something to lose, on both databases, and its command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from console.domain.actor import SYSTEM
from console.domain.words import Role
from console.services import audit, logins, platforms, users
from console.services.runtime import Runtime
from console.settings import load_settings
from console.storage.base import db
from console.storage.tables import AuditEntry, User, WebSession
from console.storage.tenancy import system_scope
from console.storage.uow import end_read, read_session, unit_of_work
from tests.cli.shell import Answer, Shell
from tests.support.databases import bare_app, close

MakeHouse = Callable[..., "House"]


@dataclass(frozen=True, slots=True)
class House:
    """The console, its commands, and what of it a backup brings back."""

    app: Flask
    data_dir: Path

    @property
    def rt(self) -> Runtime:
        found: Runtime = self.app.extensions["console"]
        return found

    @property
    def suffix(self) -> str:
        return ".db" if self.rt.settings.is_sqlite else ".dump"

    @property
    def folder(self) -> Path:
        return self.data_dir / "backups"

    @property
    def engine(self) -> Engine:
        with self.app.app_context():
            return db.engine

    def run(self, *words: str) -> Answer:
        """A command, after which no connection is left open."""
        answer = Shell(self.app).run("backup", *words)
        self.apart()
        return answer

    def made(self, name: str = "copy") -> Path:
        """A backup of what there is now."""
        target = self.data_dir.parent / f"{name}{self.suffix}"
        answer = self.run("create", "--to", str(target), "--note", "by a test")
        assert answer.code == 0, answer.out + answer.err
        return target

    def restored(self, path: Path) -> Answer:
        """What ``backup restore`` says."""
        return self.run("restore", str(path), "--reason", "the disk of Tuesday", "--yes")

    def add(self, name: str) -> None:
        """One more account."""
        with self.app.app_context(), unit_of_work() as uow:
            users.create(uow, f"{name}@example.com", role=Role.INSTANCE_ADMIN, actor=SYSTEM, now=self.rt.clock())
        self.apart()

    def people(self) -> list[str]:
        """Who has an account."""
        with self.app.app_context():
            found = [each.partition("@")[0] for each in read_session().scalars(select(User.email).order_by(User.email))]
        self.apart()
        return found

    def add_platform(self) -> None:
        """One platform, without a runner that would settle its modules."""
        with self.app.app_context(), unit_of_work() as uow:
            platforms.create(uow, self.rt, "acme", "Acme", actor=SYSTEM, now=self.rt.clock())
        self.apart()

    def log_in(self) -> None:
        """Somebody has a session."""
        with self.app.app_context(), unit_of_work() as uow:
            logins.start_session(uow, self.rt, uow.session.scalars(select(User.id)).one(), now=self.rt.clock())
        self.apart()
        assert self.sessions() == 1

    def sessions(self) -> int:
        """How many sessions there are."""
        with self.app.app_context():
            found = len(read_session().scalars(select(WebSession.id)).all())
        self.apart()
        return found

    def entry(self, action: str) -> audit.AuditView:
        """The newest entry of that action."""
        with self.app.app_context():
            found = audit.listing(read_session(), None, action=action)
        self.apart()
        return found[0]

    def audit_holds(self) -> bool:
        """What ``audit verify`` answers."""
        answer = Shell(self.app).run("audit", "verify")
        self.apart()
        return answer.code == 0

    def everything(self) -> dict[str, int]:
        """Table → how many rows it has, and the last entry's id."""
        with self.app.app_context(), system_scope():
            session = read_session()
            rows = {
                name: session.connection().exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one()
                for name in db.metadata.tables
            }
            last = session.scalar(select(AuditEntry.id).order_by(AuditEntry.id.desc()).limit(1))
        self.apart()
        return {**rows, "last entry": last or 0}

    def apart(self) -> None:
        """Leave no connection open: a command that is a process of its own leaves none."""
        with self.app.app_context():
            end_read()
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def make_house(data_dir: Path) -> Iterator[MakeHouse]:
    """Makes consoles without pages, on the database that they are given."""
    made: list[Flask] = []

    def make(url: str, folder: Path = data_dir) -> House:
        app = bare_app(load_settings({"data_dir": folder, "database_url": url}, {}))
        made.append(app)
        return House(app, folder)

    yield make
    for app in made:
        close(app)


@pytest.fixture
def house(make_house: MakeHouse, database_url: str) -> House:
    """With one account, Ada."""
    found = make_house(database_url)
    found.add("ada")
    return found
