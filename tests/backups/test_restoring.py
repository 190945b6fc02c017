"""``backup restore``: wholly or not at all, with nobody logged in afterwards, and never under somebody's feet."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select, text

from console.errors import StorageUnavailable
from console.jobs.process import identity
from console.jobs.tree import fork
from console.services import schema
from console.services.backups import making, manifests, postgres_tools, sqlite_files
from console.storage.base import db
from console.storage.engine import WRITE
from console.storage.tables import Platform, Runner
from console.storage.uow import read_session, unit_of_work
from tests.backups.conftest import House, MakeHouse
from tests.backups.test_looking import cut, without
from tests.backups.test_making import refuse_entries
from tests.cli.shell import Answer, Shell
from tests.support.waiting import until


def test_a_backup_comes_back_and_nobody_is_logged_in(house: House) -> None:
    house.add_platform()
    house.log_in()
    copy = house.made()
    house.add("bob")
    assert house.people() != ["ada"]
    (seen,) = revisions(house)
    answer = house.run("restore", str(copy), "--reason", "the disk of Tuesday", "--yes", "--json")
    assert answer.code == 0, answer.out + answer.err
    assert "tokens that were revoked since" in answer.err
    assert "bob" not in house.people()
    assert house.sessions() == 0
    assert revisions(house) > [seen]  # what anybody knows of a platform is older than what is there
    entry = house.entry("backup.restored")
    kept = Path(answer.json["kept"])
    assert (entry.target, entry.reason, entry.source) == (copy.name, "the disk of Tuesday", "cli")
    assert entry.before is not None
    assert entry.after is not None
    assert entry.before["file"] == kept.name
    assert entry.after["sha256"] == answer.json["backup"]["sha256"]
    assert house.audit_holds()
    assert house.restored(kept).code == 0  # and the restore is taken back
    assert "bob" in house.people()
    assert house.sessions() == 0
    assert house.audit_holds()
    assert [path.name for path in house.data_dir.iterdir() if path.name.startswith(".restore")] == []


def revisions(house: House) -> list[int]:
    with house.app.app_context():
        found = list(read_session().scalars(select(Platform.revision)))
    house.apart()
    return found


def test_what_is_not_right_is_refused_and_all_is_as_it_was(house: House) -> None:
    copy = house.made()
    house.log_in()
    before = house.everything()
    words = ("restore", str(copy), "--json")
    assert house.run(*words, "--yes").json["error"]["code"] == "usage"
    assert house.run(*words, "--reason", "x").json["error"]["code"] == "confirmation_needed"
    dry = house.run(*words, "--dry-run")
    assert (dry.code, dry.json["restored"]) == (0, False)
    assert house.run("restore", str(copy), "--dry-run", "--quiet") == Answer(0, "", "")
    without(cut)(copy)
    answer = house.run(*words, "--reason", "x", "--yes")
    assert (answer.code, answer.json["error"]["code"]) == (4, "backup_unfit")
    assert "damaged" in {each["code"] for each in answer.json["error"]["details"]["findings"]}
    assert house.everything() == before
    assert not house.folder.exists()


def test_nothing_is_restored_while_somebody_uses_the_database(house: House) -> None:
    copy = house.made()
    before = house.everything()
    for user in (a_server, another_process, a_runner):
        with user(house):
            answer = house.run("restore", str(copy), "--reason", "x", "--yes", "--json")
            assert (answer.code, answer.json["error"]["code"]) == (4, "database_in_use"), user.__name__
            assert "Nothing was changed" in answer.json["error"]["message"]
        assert house.everything() == before, user.__name__
    assert not house.folder.exists()
    assert house.restored(copy).code == 0


@contextmanager
def a_server(house: House) -> Iterator[None]:
    """What ``serve`` and ``worker`` do first."""
    code = (
        "import sys; from pathlib import Path; from console.storage.occupied import occupy; occupy(Path(sys.argv[1]))"
    )
    with running(f"{code}; print('ready', flush=True); sys.stdin.read()", str(house.data_dir)):
        yield


@contextmanager
def another_process(house: House) -> Iterator[None]:
    """Somebody has the database open and does nothing."""
    url = house.rt.settings.database_url
    code = (
        "import sys; from sqlalchemy import create_engine\n"
        "from console.storage.engine import sqlite_driver\n"
        "more = {'module': sqlite_driver()} if sys.argv[1].startswith('sqlite') else {}\n"
        "url = sys.argv[1].replace('postgresql:', 'postgresql+psycopg:')\n"
        "held = create_engine(url, **more).connect()\n"
        "held.exec_driver_sql('SELECT count(*) FROM users').all(); held.commit()\n"
    )
    with running(f"{code}print('ready', flush=True); sys.stdin.read()", url):
        yield


@contextmanager
def running(code: str, *words: str) -> Iterator[None]:
    """A Python process, once it has said that it is ready."""
    process = subprocess.Popen([sys.executable, "-c", code, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == b"ready\n"
        yield
    finally:
        process.stdin.close()
        process.wait()
        process.stdout.close()


@contextmanager
def a_runner(house: House) -> Iterator[None]:
    """A runner of another machine has said a moment ago that it lives."""
    name = f"elsewhere.1:{identity().partition(':')[2]}"
    now = house.rt.clock()
    with house.app.app_context(), unit_of_work() as uow:
        uow.session.add(Runner(id=name, kind="worker", started_at=now, seen_at=now))
    house.apart()
    yield
    with house.app.app_context(), unit_of_work() as uow:
        uow.session.delete(uow.session.get_one(Runner, name))
    house.apart()


def test_an_older_copy_is_upgraded_on_its_way(house: House) -> None:
    house.add_platform()
    copy = older(house)
    answer = house.restored(copy)
    assert answer.code == 0, answer.out + answer.err
    assert {row[1] for row in answer.rows if len(row) > 1} == {"ok", "older", "not_looked"}
    with house.app.app_context():
        assert schema.console_at_head(db.engine)
        assert read_session().connection().exec_driver_sql("SELECT count(*) FROM stored_answers").scalar_one() == 0
    house.apart()
    assert house.entry("backup.restored").target == copy.name
    assert house.audit_holds()


def older(house: House) -> Path:
    """A copy from before the last migration; the database has that migration again."""
    undo = (
        "DROP TABLE stored_answers",
        "DELETE FROM migration_ledger WHERE revision = 'console_006'",
        "UPDATE alembic_version SET version_num = 'console_005' WHERE version_num = 'console_006'",
    )
    with house.engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
        for statement in undo:
            connection.execute(text(statement))
    target = house.data_dir.parent / f"older{house.suffix}"
    with house.app.app_context(), making.made(db.engine, target, house.rt.clock()) as made:
        made.draft.publish()
    assert Shell(house.app).run("db", "upgrade").code == 0
    house.apart()
    assert manifests.read_manifest(target) is not None
    return target


def test_it_comes_back_on_a_new_machine_with_the_key_alone(
    house: House, make_house: MakeHouse, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    copy = house.made()
    folder = tmp_path / "new"
    folder.mkdir()
    (folder / "secret.key").write_bytes(house.rt.secrets.path.read_bytes())
    url = f"sqlite:///{folder / 'console.db'}"
    if not house.rt.settings.is_sqlite:
        server = request.getfixturevalue("postgres")
        url = server.url(server.create())
    new = make_house(url, folder)
    answer = new.restored(copy)
    assert answer.code == 0, answer.out + answer.err
    assert new.people() == ["ada"]
    assert new.audit_holds()
    assert not new.folder.exists()  # there was nothing to keep


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("damage", [b"no database at all" * 400, b"SQLite format 3\0" + b"\xff" * 8000, b""])
def test_a_damaged_database_is_kept_as_it_is_and_replaced(house: House, damage: bytes) -> None:
    copy = house.made()
    live = house.data_dir / "console.db"
    live.write_bytes(damage)
    answer = house.restored(copy)
    assert answer.code == 0, answer.out + answer.err
    assert house.people() == ["ada"]
    assert house.audit_holds()
    kept = [path.read_bytes() for path in house.folder.glob("before-restore-*.db")] if damage else [b""]
    assert kept == [damage]
    assert oct(live.stat().st_mode)[-3:] == "600"


def elsewhere() -> Path:
    """A folder on another file system than the data folder, where the machine has one; else a folder like any other."""
    found = Path("/dev/shm")  # shared memory is a file system of its own
    return Path(tempfile.mkdtemp(dir=found if os.access(found, os.W_OK) else None))


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_damaged_database_on_another_disk_is_replaced_where_a_link_leads(house: House) -> None:
    """Its log lies beside the file itself, not beside the link, and must not come into the new one."""
    copy, link, folder = house.made(), house.data_dir / "console.db", elsewhere()
    live, log = folder / "real.db", folder / "real.db-wal"
    live.write_bytes(b"no database at all" * 400)
    log.write_bytes(b"frames")
    others = folder / ".download.part"
    others.write_bytes(b"somebody's")
    link.unlink()
    link.symlink_to(live)
    try:
        answer = house.restored(copy)
        assert answer.code == 0, answer.out + answer.err
        assert link.readlink() == live
        assert house.people() == ["ada"]
        assert house.audit_holds()
        assert {path.name for path in folder.iterdir()} <= {"real.db", "real.db-wal", "real.db-shm", others.name}
        assert not log.exists() or log.read_bytes() != b"frames"
        (kept,) = house.folder.glob("before-restore-*.db")
        assert kept.read_bytes() == b"no database at all" * 400
    finally:
        house.apart()
        shutil.rmtree(folder)


def test_a_damaged_database_is_not_touched_where_nothing_can_be_written_beside_it(tmp_path: Path) -> None:
    fresh, live, log = tmp_path / "fresh.db", tmp_path / ("x" * 250), tmp_path / f"{'x' * 250}-wal"
    for path in (fresh, live, log):
        path.write_bytes(path.name.encode())
    with pytest.raises(StorageUnavailable, match="File name too long"):
        sqlite_files.replace(None, live, fresh)
    assert (live.read_bytes(), log.read_bytes()) == (live.name.encode(), log.name.encode())


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_folder_in_the_place_of_the_database_is_told(house: House) -> None:
    copy, live = house.made(), house.data_dir / "console.db"
    live.unlink()
    live.mkdir()
    answer = house.run("restore", str(copy), "--reason", "x", "--yes", "--json")
    assert (answer.code, answer.json["error"]["code"]) == (6, "storage_unavailable")
    assert list(live.iterdir()) == []


def test_without_its_entry_nothing_is_restored_and_on_a_server_nothing_that_looks_right(house: House) -> None:
    """The restored database takes no entry of the audit."""
    refuse_entries(house.engine)
    target = house.data_dir.parent / f"refusing{house.suffix}"
    with house.app.app_context(), making.made(db.engine, target, house.rt.clock()) as made:
        made.draft.publish()
    before = house.everything()
    answer = house.restored(target)
    assert answer.code != 0
    assert "refused" in answer.err
    if house.rt.settings.is_sqlite:
        assert house.everything() == before


Kill = Callable[[str, tuple[object, ...]], bool]
KILLS: dict[str, dict[str, Kill]] = {
    ".db": {
        "the copy of before has no name yet": lambda what, _: what == "os.link",
        "the first pages are written": lambda what, _: what == "pages",
        "the anchor is the old one": lambda what, given: what == "os.rename" and "audit.anchor" in str(given[0]),
    },
    ".dump": {
        "the copy of before has no name yet": lambda what, _: what == "os.link",
        "all is dropped and nothing there": lambda what, given: (
            what == "subprocess.Popen" and "--file=-" in str(given[1]) and "pg_restore" in str(given[0])
        ),
        "the anchor is the old one": lambda what, given: what == "os.rename" and "audit.anchor" in str(given[0]),
    },
}
"""Where the process is killed: at the first event of Python that fits, or when the log says that pages are written."""


def test_a_restore_that_is_killed_leaves_the_old_or_the_new(house: House) -> None:
    copy = house.made()
    house.add("bob")
    seen = []
    for name, kill in KILLS[house.suffix].items():
        before = house.people()
        assert killed_restore(house, copy, kill) == -signal.SIGKILL, name
        until(lambda: not connected(house), what=lambda: "a program of PostgreSQL is still there")
        seen.append(house.people())
        assert seen[-1] in (before, ["ada"]), name
    assert seen[0] == ["ada", "bob"]
    assert seen[-1] == ["ada"]
    assert house.audit_holds() is house.rt.settings.is_sqlite  # a dump gets its entry only later
    assert house.restored(copy).code == 0
    assert house.audit_holds()
    left = [path.name for folder in (house.data_dir, house.folder) for path in folder.iterdir()]
    assert [name for name in left if name.startswith((".restore", ".before"))] == []


def killed_restore(house: House, copy: Path, kill: Kill) -> int:
    """How a process ended that restores and is killed."""

    def body() -> None:
        def heard(what: str, given: tuple[object, ...]) -> None:
            if kill(what, given):
                os.kill(os.getpid(), signal.SIGKILL)

        def told(_record: logging.LogRecord) -> bool:
            heard("pages", ())
            return False

        sqlite_files.PAGES = 20
        sys.addaudithook(heard)
        sqlite_files.log.setLevel(logging.DEBUG)
        sqlite_files.log.addFilter(told)
        raise SystemExit(Shell(house.app).run("backup", "restore", str(copy), "--reason", "x", "--yes").code)

    house.apart()
    _, status = os.waitpid(fork(body), 0)
    return os.waitstatus_to_exitcode(status)


def connected(house: House) -> list[str]:
    """Who is connected to the server's database."""
    if house.rt.settings.is_sqlite:
        return []
    found = postgres_tools.others(house.engine)
    house.engine.dispose()
    return found
