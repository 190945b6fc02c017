"""What other processes do in these tests: ``python -m tests.storage.children JOB DATABASE_URL DATA_DIR …``."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from flask import Flask

from console.domain.registry import build
from console.settings import load_settings
from console.storage.tables import Platform
from console.storage.uow import read_session, unit_of_work
from tests.storage.made import installed_in
from tests.support.databases import bare_app

ROOT = Path(__file__).resolve().parents[2]
TURNS = 60


def start(job: str, url: str, data_dir: Path, *more: str) -> subprocess.Popen[str]:
    """Another process at that job; what it says can be read from its output."""
    command = [sys.executable, "-m", "tests.storage.children", job, url, str(data_dir), *more]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)


def count_up(app: Flask) -> None:
    """Raise the first platform's revision, each time after a look at it as requests have one."""
    for _ in range(TURNS):
        with app.app_context():
            read_session().get(Platform, 1)
            with unit_of_work() as uow:
                uow.lock_platform(1).revision += 1


def read_secret(app: Flask) -> None:
    """Say the id of the key, which is made when there is none."""
    sys.stdout.write(app.extensions["console"].secrets.key_id)


def open_file(app: Flask) -> None:
    """Open the database when told to, and say how its journal is kept."""
    from console.storage.base import db

    with app.app_context():
        sys.stdin.readline()
        with db.engine.connect() as connection:
            sys.stdout.write(str(connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()))


def upgrade(app: Flask) -> None:
    """Upgrade when told to, and say what was applied."""
    from console.services import migrations

    sys.stdin.readline()
    for report in migrations.upgrade(app):
        sys.stdout.write("".join(f"{each}\n" for each in report.applied))


def die_while_upgrading(app: Flask) -> None:
    """Upgrade, and be killed between a table and its index."""
    from alembic.operations import Operations

    from console.services import migrations

    def die(*_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    Operations.create_index = die  # type: ignore[method-assign]  # what the migration calls next
    migrations.upgrade(app)


JOBS = {job.__name__: job for job in (count_up, read_secret, open_file, upgrade, die_while_upgrading)}

if __name__ == "__main__":
    name, url, data_dir, *folders = sys.argv[1:]
    registry = build([module for folder in folders for module in installed_in(Path(folder))])
    JOBS[name](bare_app(load_settings({"data_dir": data_dir, "database_url": url}, {}), registry))
