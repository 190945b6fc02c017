"""``backup restore``: a backup in the place of the database, wholly or not at all, with the audit's entry inside.

A SQLite file is made ready beside the live one (brought to this version, sessions ended, the entry written) and then
takes its place in one transaction. PostgreSQL gets the dump in one transaction, in which sessions end too; the entry
follows it. Whoever comes back to life in an old copy stays out: nobody has a session in it.
"""

from __future__ import annotations

import dataclasses
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from console.domain.actor import Actor
from console.errors import ConsoleError, RuleRefused
from console.services import audit, migrations
from console.services.backups import contents, drafts, postgres_tools, sqlite_files
from console.services.backups.contents import Inside
from console.services.backups.looking import Report
from console.services.backups.manifests import Manifest
from console.services.migrations import console_at_head
from console.services.runtime import Runtime
from console.services.snapshots import SnapshotCache
from console.storage import engine as engines
from console.storage.base import db
from console.storage.engine import sqlite_driver
from console.storage.tables import Platform, Runner, WebSession
from console.storage.uow import UnitOfWork

_SCRATCH = ".restore-"
_SETTLED = """
SET LOCAL search_path = {schema};
DELETE FROM sessions;
DELETE FROM runners;
UPDATE platforms SET revision = revision + {more};
"""
"""What ``settle`` does, in the transaction of PostgreSQL's own program."""


def must_hold(report: Report) -> None:
    """Refuse a file with which something is wrong.

    Raises:
        RuleRefused: Each finding stands in ``details``.
    """
    wrong = [each for each in report.findings if each.is_wrong]
    if wrong:
        raise RuleRefused(
            f"{report.path} is not restored. {' '.join(each.text for each in wrong)}",
            code="backup_unfit",
            hint="Nothing was changed. `backup verify` says which others are whole.",
            findings=[{"code": each.code, "message": each.text} for each in wrong],
        )


@contextmanager
def beside(rt: Runtime, report: Report) -> Generator[Flask]:
    """An application on a private copy of a SQLite backup, brought to this version; gone at the end of the block.

    Raises:
        RuleRefused: The file has changed since it was looked at.
        StorageUnavailable: There is no room for the copy.
        CannotStart: The copy cannot be brought to this version.
    """
    folder = _fresh_folder(rt.settings.data_dir)
    try:
        file = folder / "console.db"
        with drafts.writing_in(folder):
            shutil.copyfile(report.path, file)
            file.chmod(0o600)
        _must_be_the_same(file, report)
        app = _application(rt, file)
        try:
            migrations.upgrade(app)
            yield app
        finally:
            with app.app_context():
                let_go()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fresh_folder(data_dir: Path) -> Path:
    """A folder in which nobody else is at work; what killed ones left is taken away."""
    with drafts.writing_in(data_dir):
        data_dir.mkdir(parents=True, exist_ok=True)
        for left in data_dir.glob(f"{_SCRATCH}*"):
            shutil.rmtree(left, ignore_errors=True)
        return Path(tempfile.mkdtemp(prefix=_SCRATCH, dir=data_dir))


def _must_be_the_same(file: Path, report: Report) -> None:
    if drafts.digest(file)[0] != report.sha256:
        raise RuleRefused(f"{report.path} changed while it was read.", code="backup_unfit", hint="Nothing was changed.")


def _application(rt: Runtime, file: Path) -> Flask:
    """As much of an application as an upgrade and a unit of work need, with data folder and anchor of its own."""
    app = Flask("restore", static_folder=None)
    settings = dataclasses.replace(rt.settings, data_dir=file.parent, database_url=f"sqlite:///{file}")
    engines.configure(app, settings)
    app.extensions["console"] = dataclasses.replace(rt, settings=settings, snapshots=SnapshotCache(), unavailable={})
    return app


def settle(uow: UnitOfWork, *, ahead_of: int) -> None:
    """End every session of the restored database, and put its revisions beyond all that anybody has seen.

    Args:
        ahead_of: The highest revision of a platform in the database that is replaced.
    """
    uow.session.execute(delete(WebSession))
    uow.session.execute(delete(Runner))
    uow.session.execute(update(Platform).values(revision=Platform.revision + (ahead_of + 1)))


def record(uow: UnitOfWork, report: Report, *, kept: Manifest | None, actor: Actor, reason: str, now: datetime) -> None:
    """Say in the restored audit who brought it back, from which file, why, and where what was there before is."""
    after: dict[str, object] = {"file": report.path.name, "sha256": report.sha256}
    if report.manifest is not None:
        after["created_at"] = report.manifest.created_at
    before = None if kept is None else {"file": kept.file, "sha256": kept.sha256}
    name = report.path.name
    audit.record(uow, actor, action="backup.restored", target=name, now=now, reason=reason, before=before, after=after)


def into_file(raw: sqlite_files.Raw | None, live: Path, app: Flask) -> None:
    """Put the database of ``app``, one of ``beside``, in the place of the live file."""
    with app.app_context():
        fresh = Path(str(db.engine.url.database))
        let_go()
    sqlite_files.leave_wal(fresh)
    sqlite_files.replace(raw, live, fresh)


def keep_file(raw: sqlite_files.Raw | None, live: Path, draft: drafts.Draft, now: datetime) -> Manifest:
    """Copy what is in the live file now, whatever it is, and give the copy its name."""
    sqlite_files.keep(raw, live, draft.path)
    inside = _inside(draft.path)
    found = draft.describe("sqlite", revisions=inside.revisions, key=inside.key, now=now)
    draft.publish()
    if raw is None:
        sqlite_files.keep_log(live, draft.target)
    return found


def _inside(path: Path) -> Inside:
    unreadable = (SQLAlchemyError, sqlite_driver().DatabaseError, ValueError)
    with suppress(*unreadable), sqlite_files.opened(path).connect() as connection:
        return contents.inside(connection) or Inside({}, "")
    return Inside({}, "")


def into_server(engine: Engine, report: Report, *, ahead_of: int) -> None:
    """Put a dump in the place of the database on its server; sessions end in the same transaction.

    Raises:
        RuleRefused: The dump is of another schema than the one in which this console's tables are.
        BackupFailed: The database is as it was.
    """
    tools = postgres_tools.find(postgres_tools.major_of(engine))
    name = postgres_tools.schema_in(tools, report.path)
    ours = postgres_tools.schema_of(engine)
    if name != ours:
        raise RuleRefused(f"The dump is of the schema {name}, and the tables are in {ours}.", code="backup_unfit")
    _must_be_the_same(report.path, report)
    let_go()
    end = _SETTLED.format(schema=postgres_tools.quoted(ours), more=ahead_of + 1)
    env = postgres_tools.environment(engine)
    postgres_tools.exchange(tools, report.path, env, schema_name=ours, afterwards=end)


def bring_up_to_date(app: Flask) -> None:
    """Upgrade the restored database when it is older than this code."""
    if not console_at_head(db.engine) or migrations.unavailable(db.engine, app.extensions["console"].registry):
        migrations.upgrade(app)


def highest_revision(engine: Engine) -> int:
    """The highest revision of a platform; 0 where nothing can be read."""
    with suppress(ConsoleError, SQLAlchemyError), Session(engine) as session:
        return session.scalar(select(func.max(Platform.revision))) or 0
    return 0


def let_go() -> None:
    """Leave no connection of this application open."""
    db.session.remove()
    db.engine.dispose()
