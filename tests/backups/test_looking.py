"""``backup verify``: whatever is wrong with a file has a name, and looking at it changes nothing."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, text

from console.services.secrets import SecretBox
from console.storage.engine import WRITE, sqlite_driver
from tests.backups.conftest import House, MakeHouse


def flip(path: Path) -> None:
    """One byte in the middle is another one."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5000])


def saying(**words: object) -> Callable[[Path], None]:
    """Its manifest says something else."""

    def write(path: Path) -> None:
        manifest = path.with_name(f"{path.name}.json")
        manifest.write_text(json.dumps({**json.loads(manifest.read_text()), **words}))

    return write


def with_manifest(content: str) -> Callable[[Path], None]:
    """Its manifest is something else."""

    def write(path: Path) -> None:
        path.with_name(f"{path.name}.json").write_text(content)

    return write


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def pipe_as_manifest(path: Path) -> None:
    pipe(path.with_name(f"{path.name}.json"))


def without_manifest(path: Path) -> None:
    path.with_name(f"{path.name}.json").unlink()


def without(damage: Callable[[Path], None]) -> Callable[[Path], None]:
    """The damage, and no manifest that knows what there was."""

    def both(path: Path) -> None:
        damage(path)
        without_manifest(path)

    return both


def no_database(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04 an archive of somebody's pictures" * 100)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def garbage(path: Path) -> None:
    """The right beginning, and nothing right after it."""
    path.write_bytes(path.read_bytes()[:16] + b"\xff" * 8000)


DAMAGES: dict[str, tuple[Callable[[Path], None], set[str], str]] = {
    "flipped": (flip, {"digest"}, "SHA-256 is another one"),
    "cut": (cut, {"size"}, "when it was made it had"),
    "cut, and nobody knows": (without(cut), {"damaged"}, "damaged"),
    "another digest": (saying(sha256="0" * 64), {"digest"}, "SHA-256"),
    "a spoiled manifest": (with_manifest('{"schema": 1}'), {"manifest"}, "`file`: Field required"),
    "a manifest that is none": (with_manifest("null"), {"manifest"}, "should be an object"),
    "a manifest without an end": (with_manifest("[" * 50_000), {"manifest"}, "recursion limit"),
    "a manifest of a book's size": (with_manifest("[" * 100_000), {"manifest"}, "more than 65536 bytes"),
    "a moment that is none": (saying(created_at="a\0b"), {"manifest"}, "`created_at`"),
    "a moment without a zone": (saying(created_at="2026-01-01T00:00:00"), {"manifest"}, "timezone"),
    "a moment outside of time": (saying(created_at="0001-01-01T00:00:00+09:00"), {"manifest"}, "no calendar"),
    "no size": (saying(bytes=float("inf")), {"manifest"}, "valid integer"),
    "half a letter": (saying(file="\ud800"), {"manifest"}, "Invalid JSON"),
    "a path": (saying(file="../copy.db"), {"manifest"}, "`file`"),
    "no digest": (saying(sha256="ABC"), {"manifest"}, "`sha256`"),
    "no key": (saying(key="k\0"), {"manifest"}, "`key`"),
    "another kind": (saying(database="oracle"), {"manifest"}, "`database`"),
    "revisions of no kind": (saying(revisions={"console": "a"}), {"manifest"}, "`revisions`"),
    "a pipe": (pipe, {"missing"}, "no regular file"),
    "a pipe as manifest": (pipe_as_manifest, {"manifest"}, "no regular file"),
    "no database": (without(no_database), {"foreign"}, "neither a SQLite database nor a dump"),
    "empty": (without(empty), {"foreign"}, "neither"),
    "garbage": (without(garbage), {"damaged"}, "damaged"),
    "whole, without a manifest": (without_manifest, set(), "as it was made"),
    "whole": (lambda _path: None, set(), ""),
}
"""What is done to a backup → what must be found wrong with it, and words of what is said."""


def test_each_damage_is_named(house: House) -> None:
    made = house.made()
    paths = {name: damaged(made, house.folder / f"{name}{house.suffix}", how) for name, (how, *_) in DAMAGES.items()}
    paths["not there"] = house.folder / f"nothing{house.suffix}"
    before = house.everything()
    answer = house.run("verify", "--json", *map(str, paths.values()))
    assert (answer.code, answer.err) == (1, "")
    assert answer.json["holds"] is False
    reports = dict(zip(paths, answer.json["backups"], strict=True))
    for name, (_, codes, words) in (DAMAGES | {"not there": (flip, {"missing"}, "No such file")}).items():
        findings = reports[name]["findings"]
        assert codes <= {each["code"] for each in findings if each["wrong"]}, name
        assert reports[name]["holds"] is (not codes), name
        assert words in " ".join(each["message"] for each in findings), name
        assert "Traceback" not in str(findings), name
    assert house.everything() == before


def damaged(made: Path, target: Path, how: Callable[[Path], None]) -> Path:
    target.parent.mkdir(exist_ok=True)
    for suffix in ("", ".json"):
        shutil.copyfile(f"{made}{suffix}", f"{target}{suffix}")
    how(target)
    return target


def test_without_names_all_of_the_folder_are_looked_at(house: House) -> None:
    assert house.run("verify").code == 3  # nothing there yet
    assert house.run("create").code == 0
    name = f"before-upgrade-20260101T000000000000-abcdef01{house.suffix}"
    damaged(house.made(), house.folder / name, without_manifest)
    answer = house.run("verify")
    assert answer.code == 0, answer.out
    said = [(row[0].rpartition("/")[2].partition("2026")[0], row[1]) for row in answer.rows]
    assert said == [("before-upgrade-", "ok"), ("before-upgrade-", "no_manifest"), ("console-", "ok")]
    assert {path.suffix for path in house.folder.iterdir()} == {house.suffix, ".json"}  # no log of SQLite beside them


def write(house: House, *statements: str) -> None:
    with house.engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
        for statement in statements:
            connection.execute(text(statement))
    house.apart()


NEWER = (
    "INSERT INTO migration_ledger (revision, branch, down_revision, depends_on, description, applied_at)"
    " VALUES ('{label}_999', '{label}', '{down}', '[]', '', '2026-01-01 00:00:00')"
)


def codes(house: House, path: Path) -> dict[str, str]:
    """Finding → its text."""
    (report,) = house.run("verify", "--json", str(path)).json["backups"]
    return {each["code"]: each["message"] for each in report["findings"]}


def test_a_backup_of_newer_code_is_named_and_one_of_code_that_is_not_here_is_none(house: House) -> None:
    write(house, NEWER.format(label="cms", down="cms_003"), NEWER.format(label="gone", down="gone_998"))
    found = codes(house, house.made())
    assert list(found) == ["newer"]
    assert "cms_999" in found["newer"]
    assert "gone" not in found["newer"]


def test_a_backup_whose_key_is_not_here_is_named(house: House) -> None:
    copy, known = house.made(), house.rt.secrets.key_id
    house.rt.secrets.path.unlink()
    house.rt.secrets = SecretBox(house.rt.secrets.path)
    if house.rt.settings.is_sqlite:
        assert "does not exist" in codes(house, copy)["key"]
        assert not house.rt.secrets.path.exists()  # looking makes none
    assert house.rt.secrets.key_id != known  # a key file is made
    found = codes(house, copy)
    assert set(found) == {"key", "not_looked"}
    assert known in found["key"]


def test_an_audit_that_was_changed_inside_is_named(house: House) -> None:
    write(house, "UPDATE audit_entries SET actor = 'nobody' WHERE id = 1")
    found = codes(house, house.made())
    assert set(found) == {"audit"}
    assert "edited" in found["audit"]


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_file_of_sqlite_that_was_copied_in_use_or_lost_rows_is_named(house: House) -> None:
    copy = house.made()
    raw = sqlite_driver().connect(str(copy))
    raw.execute("DELETE FROM users")
    raw.commit()
    raw.close()
    assert set(codes(house, copy)) >= {"size", "foreign_keys"} or set(codes(house, copy)) >= {"digest", "foreign_keys"}
    other = house.made("other")
    other.with_name(f"{other.name}-wal").write_bytes(b"frames")
    assert set(codes(house, other)) == {"has_log"}
    dump = house.folder / "x.dump"
    house.folder.mkdir()
    dump.write_bytes(b"PGDMP" + b"\0" * 100)
    assert set(codes(house, dump)) == {"no_manifest", "other_database"}
    foreign = house.folder / "pictures.db"
    raw = sqlite_driver().connect(str(foreign))
    raw.execute("CREATE TABLE pictures (id INTEGER)")
    raw.close()
    assert set(codes(house, foreign)) == {"no_manifest", "foreign"}


@pytest.mark.parametrize("database_kind", ["postgres"], indirect=True)
def test_a_role_that_may_make_no_database_is_told_what_was_not_looked_at(
    make_house: MakeHouse, database_url: str, data_dir: Path
) -> None:
    url = make_url(database_url)
    role = f"plain_{url.database}"
    with psycopg.connect(host=str(url.query["host"]), user=url.username, dbname=url.database) as connection:
        connection.execute(f"CREATE ROLE {role} LOGIN IN ROLE pg_read_all_data")
    copy = make_house(database_url).made()
    plain = make_house(url.set(username=role).render_as_string())
    found = codes(plain, copy)
    assert set(found) == {"not_looked"}
    assert "CREATEDB" in found["not_looked"]
    away = make_house(url.set(query={"host": str(data_dir)}).render_as_string())
    assert "does not answer" in codes(away, copy)["not_looked"]
    damaged(copy, copy.with_name("other.dump"), saying(revisions={"console": ["console_999"]}))
    assert set(codes(plain, copy.with_name("other.dump"))) == {"newer", "older", "not_looked"}
    with psycopg.connect(host=str(url.query["host"]), user=url.username, dbname=url.database) as connection:
        connection.execute(f"DROP ROLE {role}")
