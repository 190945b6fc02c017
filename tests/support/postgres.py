"""A throw-away PostgreSQL server: its own folder, a Unix socket, no TCP, gone with the process that started it."""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

from tests.support.waiting import until

OWNER = "console"
_PR_SET_PDEATHSIG = 1
_FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=60", "shared_buffers=32MB")


@dataclass(slots=True)
class Server:
    """A running server; databases are made by copying another one."""

    folder: Path
    _numbers: Iterator[int]

    def url(self, database: str) -> str:
        """The URL of one of its databases, as a setting takes it."""
        return f"postgresql://{OWNER}@/{database}?host={self.folder}"

    def create(self, template: str = "template1") -> str:
        """A new database, a copy of ``template``; its name."""
        name = f"test_{next(self._numbers)}"
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop(self, name: str) -> None:
        """Drop a database and whoever is still connected to it."""
        self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(host=str(self.folder), user=OWNER, dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def running_server() -> Iterator[Server]:
    """A fresh server for the duration of the block; PostgreSQL refuses root, so root runs it as nobody."""
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))  # a socket's path must be short
    person = pwd.getpwnam("nobody") if os.getuid() == 0 else None
    if person is not None:
        os.chown(folder, person.pw_uid, person.pw_gid)
    user, group = (None, None) if person is None else (person.pw_uid, person.pw_gid)
    others: tuple[int, ...] | None = None if person is None else ()
    data = folder / "data"
    made = subprocess.run(
        [_tool("initdb"), "-D", data, "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        user=user,
        group=group,
        extra_groups=others,
    )
    assert made.returncode == 0, made.stderr
    options = [part for setting in _FAST for part in ("-c", setting)]
    log = (folder / "log").open("w")
    process = subprocess.Popen(
        [_tool("postgres"), "-D", data, "-k", folder, "-c", "listen_addresses=", *options],
        cwd=folder,
        stdout=log,
        stderr=log,
        preexec_fn=_end_with_parent,  # noqa: PLW1509  # before any test starts a thread
        user=user,
        group=group,
        extra_groups=others,
    )
    try:
        until(lambda: _answers(folder), what=(folder / "log").read_text)
        yield Server(folder, count(1))
    finally:
        process.send_signal(signal.SIGINT)  # the fast shutdown
        process.wait()
        log.close()
        shutil.rmtree(folder)


def _answers(folder: Path) -> bool:
    try:
        psycopg.connect(host=str(folder), user=OWNER, dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def _tool(name: str) -> str:
    """A program of PostgreSQL, from PATH or from where Debian keeps the servers."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: path.parts[4].zfill(3))
    found = shutil.which(name) or (str(installed[-1]) if installed else None)
    assert found is not None, "PostgreSQL's server is missing; on Debian: apt-get install postgresql"
    return found


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT)
