"""``backup create``: a whole copy or none, for its owner alone, and never without its entry in the audit."""

from __future__ import annotations

import fcntl
import json
import os
import resource
import shutil
import signal
import stat
import threading
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url, select, text

from console.errors import RuleRefused
from console.jobs.tree import fork
from console.services.backups import postgres_tools
from console.storage.base import db
from console.storage.engine import WRITE
from console.storage.tables import InstanceMeta
from console.storage.uow import read_session, unit_of_work
from tests.backups.conftest import House, MakeHouse
from tests.cli.shell import Shell
from tests.support.waiting import until

REFUSE = {
    "sqlite": ["CREATE TRIGGER refuse BEFORE INSERT ON audit_entries BEGIN SELECT RAISE(ABORT, 'refused'); END"],
    "postgresql": [
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$",
        "CREATE TRIGGER refuse BEFORE INSERT ON audit_entries FOR EACH ROW EXECUTE FUNCTION refuse()",
    ],
}
PROGRAMS = ("pg_dump", "pg_restore", "psql")


def test_a_backup_is_whole_closed_to_others_and_described(house: House) -> None:
    answer = house.run("create", "--json", "--note", "each night")
    assert answer.code == 0, answer.out + answer.err
    (path,) = house.folder.glob(f"console-*{house.suffix}")
    manifest = path.with_name(f"{path.name}.json")
    assert [stat.S_IMODE(each.stat().st_mode) for each in (path, manifest)] == [0o600, 0o600]
    assert set(house.folder.iterdir()) == {path, manifest}
    told, written = answer.json["backup"], json.loads(manifest.read_text())
    assert told == {**written, "path": str(path), "key_file": str(house.rt.settings.secret_key_file)}
    assert written["sha256"] == sha256(path.read_bytes()).hexdigest()
    assert written["bytes"] == path.stat().st_size
    assert written["revisions"]["console"] == ["console_006"]
    assert written["key"] == house.rt.secrets.key_id
    assert house.rt.secrets.path.read_bytes().split()[1] not in path.read_bytes() + manifest.read_bytes()
    entry = house.entry("backup.created")
    assert (entry.target, entry.reason, entry.source) == (path.name, "each night", "cli")
    assert entry.after == {"file": path.name, "sha256": written["sha256"], "bytes": written["bytes"]}


def test_a_backup_under_load_holds_one_moment(house: House) -> None:
    """Somebody writes pairs all the time; in the backup there is no half of one."""
    stop, written = threading.Event(), [0]

    def write() -> None:
        with house.app.app_context():
            while not stop.is_set():
                with unit_of_work() as uow:
                    for side in ("left", "right"):
                        uow.session.add(InstanceMeta(name=f"{side}{written[0]}", value="x" * 500))
                        uow.session.flush()
                written[0] += 1
            db.session.remove()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        until(lambda: written[0] > 3, what=lambda: "nothing is written")
        before = written[0]
        copy = house.data_dir / f"copy{house.suffix}"
        assert Shell(house.app).run("backup", "create", "--to", str(copy)).code == 0
        after = written[0]
        until(lambda: written[0] > after, what=lambda: "the writer was kept from writing")
    finally:
        stop.set()
        writer.join()
    house.apart()
    assert house.restored(copy).code == 0
    sides = {side: pairs(house, side) for side in ("left", "right")}
    assert sides["left"] == sides["right"]
    assert before <= len(sides["left"]) <= after


def pairs(house: House, side: str) -> set[str]:
    with house.app.app_context():
        names = read_session().scalars(select(InstanceMeta.name).where(InstanceMeta.name.startswith(side))).all()
    house.apart()
    return {name.removeprefix(side) for name in names}


def test_without_its_entry_there_is_no_backup(house: House) -> None:
    refuse_entries(house.engine)
    target = house.data_dir / f"elsewhere{house.suffix}"
    answer = house.run("create", "--to", str(target))
    assert answer.code != 0
    assert "refused" in answer.err
    assert [path.name for path in house.data_dir.iterdir() if "elsewhere" in path.name] == []


def refuse_entries(engine: Engine) -> None:
    with engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
        for statement in REFUSE[engine.dialect.name]:
            connection.execute(text(statement))
    engine.dispose()


def test_no_file_is_replaced_and_none_is_left_where_none_can_be(house: House) -> None:
    there = house.made()
    content = there.read_bytes()
    again = house.run("create", "--to", str(there), "--json")
    assert (again.code, again.json["error"]["code"]) == (4, "backup_exists")
    in_the_way = house.run("create", "--to", str(there / "x.db"), "--json")
    assert (in_the_way.code, in_the_way.json["error"]["code"]) == (6, "storage_unavailable")
    assert there.read_bytes() == content
    there.unlink()
    assert house.run("create", "--to", str(there)).code == 4  # its manifest is still there


def test_a_full_disk_is_told_and_leaves_nothing(house: House) -> None:
    """A process may write no more than 40 kB into a file: what it is told is that the disk takes no more."""
    target, said = house.data_dir / f"large{house.suffix}", house.data_dir / "said"

    def body() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
        answer = Shell(house.app).run("backup", "create", "--to", str(target), "--json")
        said.write_text(answer.out)
        os._exit(answer.code)

    _, status = os.waitpid(fork(body), 0)
    assert os.waitstatus_to_exitcode(status) in (1, 6)
    assert json.loads(said.read_text())["error"]["code"] in {"storage_unavailable", "backup_failed"}
    assert [path.name for path in house.data_dir.iterdir() if "large" in path.name] == []
    assert house.made().exists()


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_what_a_killed_one_left_is_taken_away_but_not_what_is_being_made(house: House) -> None:
    house.folder.mkdir()
    names = [f".console-{name}.db.console-draft-0123abcd.part" for name in ("left", "made")]
    left, being_made = (house.folder / name for name in names)
    left.touch()
    left.with_name(f"{left.name}.json").touch()
    others = [".film.mkv.part", ".x.console-draft-latest.part", ".mine.console-draft-0123abcd.part.old"]
    for name in others:
        (house.folder / name).touch()
    linked = house.folder / ".link.console-draft-0123abcd.part"
    linked.symlink_to(others[0])
    with being_made.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert house.run("create").code == 0
        assert {path.name for path in house.folder.glob(".*")} == {being_made.name, linked.name, *others}


@pytest.mark.parametrize("database_kind", ["postgres"], indirect=True)
def test_no_program_is_told_the_password_in_its_arguments(
    make_house: MakeHouse, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = tmp_path / "heard"
    recorders(tmp_path / "bin", heard)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    password = "canary of a password"
    url = make_url(database_url).set(password=password).render_as_string(hide_password=False)
    house = make_house(url)
    copy = house.made()
    assert house.restored(copy).code == 0
    lines = heard.read_text()
    for name in PROGRAMS:
        assert f"{name} " in lines
    assert "password" not in lines.replace("--no-password", "")
    assert str(make_url(database_url).query["host"]) not in lines
    assert password in (tmp_path / "heard.environment").read_text()


def recorders(folder: Path, heard: Path) -> None:
    """Programs that write down what they are told, and are the real ones then."""
    folder.mkdir()
    for name in PROGRAMS:
        real = shutil.which(name)
        assert real is not None
        path = folder / name
        path.write_text(f'#!/bin/sh\necho "{name} $*" >> {heard}\nenv >> {heard}.environment\nexec {real} "$@"\n')
        path.chmod(0o755)


@pytest.mark.parametrize("database_kind", ["postgres"], indirect=True)
def test_programs_that_are_too_old_are_named(house: House) -> None:
    with pytest.raises(RuleRefused, match=r"are older \(.*\) than the server \(999\)") as caught:
        postgres_tools.find(999)
    assert caught.value.code == "backup_tools"
    assert "postgresql-client-999" in str(caught.value.hint)
    assert postgres_tools.find(postgres_tools.major_of(house.engine)).major >= 13
    house.apart()
