"""The database in which a dump is tried out goes with its maker, or with the next one."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from sqlalchemy import make_url

from console.jobs.tree import fork
from tests.backups.conftest import House
from tests.cli.shell import Shell
from tests.support.waiting import until

pytestmark = pytest.mark.parametrize("database_kind", ["postgres"], indirect=True)


@contextmanager
def connected(house: House, name: str = "") -> Iterator[psycopg.Connection]:
    """To the server, under that name."""
    url = make_url(house.rt.settings.database_url)
    words = make_conninfo(host=str(url.query["host"]), user=url.username, dbname=url.database, application_name=name)
    with psycopg.connect(words, autocommit=True) as connection:
        yield connection


def databases(house: House) -> set[str]:
    with connected(house) as connection:
        found = connection.execute("SELECT datname FROM pg_database").fetchall()
    return {str(name) for (name,) in found}


def is_at_work(house: House, name: str) -> bool:
    with connected(house) as connection:
        asked = "SELECT FROM pg_stat_activity WHERE %s::text IN (datname, application_name)"
        return connection.execute(asked, [name]).fetchone() is not None


def ended_by(house: House, copy: Path, which: signal.Signals, heard: Path) -> int:
    """How a process ended that looks at ``copy`` and gets a signal when the dump is brought in."""

    def body() -> None:
        def hear(what: str, given: tuple[object, ...]) -> None:
            named = re.search(r"--dbname=(\w+)", str(given[1])) if what == "subprocess.Popen" else None
            if named:
                heard.write_text(named[1])
                os.kill(os.getpid(), which)

        sys.addaudithook(hear)
        raise SystemExit(Shell(house.app).run("backup", "verify", str(copy)).code)

    house.apart()
    _, status = os.waitpid(fork(body), 0)
    return os.waitstatus_to_exitcode(status)


def test_who_is_asked_to_end_drops_it_and_what_a_killed_one_left_the_next_one_drops(
    house: House, tmp_path: Path
) -> None:
    copy, heard = house.made(), tmp_path / "heard"
    assert ended_by(house, copy, signal.SIGTERM, heard) == 128 + signal.SIGTERM
    assert heard.read_text() not in databases(house)
    assert ended_by(house, copy, signal.SIGKILL, heard) == -signal.SIGKILL
    left, used, others = heard.read_text(), "module_console_look_0123456789ab", "module_console_look_of_mine"
    assert left in databases(house)
    until(lambda: not is_at_work(house, left), what=lambda: "the server thinks that the killed one lives")
    with connected(house, used) as connection:
        for name in (used, others):
            connection.execute(f"CREATE DATABASE {name}".encode())
        assert house.run("verify", str(copy)).code == 0
        assert {left, used, others} & databases(house) == {used, others}
        for name in (used, others):
            connection.execute(f"DROP DATABASE {name}".encode())
