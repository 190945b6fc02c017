"""What the doctor says of settings and files: each answer once fine and once not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from console.checks.doctor import Patient
from console.checks.doctor.database import judged_version
from console.checks.doctor.machine import judged_user, judged_way
from console.domain.diagnosis import Answer, Level
from console.services.backups import drafts
from console.storage.clock import this_moment
from tests.doctor.looking import answer, level, settings
from tests.support.unprivileged import bound_by_modes

OK, NOTE, UNKNOWN, WARNING, ERROR = Level
PUBLIC = {
    "base_url": "https://console.example.com",
    "trusted_hosts": "console.example.com",
    "proxy_hops": 1,
    "second_factor": "admins",
}
SETTINGS: list[tuple[str, dict[str, object], Level]] = [
    ("DEP001", {}, OK),
    ("DEP001", {"insecure_http": True}, ERROR),
    ("DEP002", {}, OK),
    ("DEP002", {"base_url": ""}, WARNING),
    ("DEP002", {"base_url": "http://console.example.com"}, ERROR),
    ("DEP003", {}, OK),
    ("DEP003", {"trusted_hosts": ".example.com"}, OK),
    ("DEP003", {"trusted_hosts": "console.example.com:443"}, OK),
    ("DEP003", {"trusted_hosts": ""}, ERROR),
    ("DEP003", {"trusted_hosts": "ample.com,other.example.com"}, ERROR),
    ("DEP004", {}, OK),
    ("DEP004", {"base_url": "", "proxy_hops": 0}, OK),
    ("DEP004", {"proxy_hops": 0}, WARNING),
    ("DEP004", {"host": "0.0.0.0"}, WARNING),
    ("DEP004", {"host": "::"}, WARNING),
    ("DEP005", {}, OK),
    ("DEP005", {"host": "0.0.0.0"}, NOTE),
    ("DEP005", {"host": "0.0.0.0", "proxy_hops": 0}, WARNING),
    ("DEP010", {}, OK),
    ("DEP010", {"second_factor": "optional"}, WARNING),
    ("DEP021", {}, OK),
    ("DEP022", {}, OK),
    ("DEP022", {"log_level": "DEBUG"}, WARNING),
    ("DEP023", {}, OK),
    ("DEP023", {"demo": True}, WARNING),
    ("DEP031", {}, UNKNOWN),
]


@pytest.mark.parametrize(("id", "given", "expected"), SETTINGS)
def test_an_answer_follows_from_the_settings(
    tmp_path: Path, id: str, given: dict[str, object], expected: Level
) -> None:
    patient = Patient(settings(data_dir=tmp_path, **{**PUBLIC, **given}), is_offline=True)
    assert level(patient, id) is expected


def test_what_is_wrong_says_what_to_do(tmp_path: Path) -> None:
    bad = {"insecure_http": True, "base_url": "http://x.example", "trusted_hosts": "y.example", "demo": True}
    patient = Patient(settings(data_dir=tmp_path, **bad), is_offline=True)
    for id in ("DEP001", "DEP002", "DEP003", "DEP010", "DEP023"):
        assert answer(patient, id).answer.hint, id
    assert "x.example" in answer(patient, "DEP003").answer.hint


def folder(data: Path) -> Path:
    return data


def file(name: str, content: str = "") -> Callable[[Path], Path]:
    def make(data: Path) -> Path:
        (data / name).write_text(content)
        return data / name

    return make


FILES: list[tuple[str, Callable[[Path], Path], int, Level]] = [
    ("DOC010", folder, 0o700, OK),
    ("DOC010", folder, 0o777, ERROR),
    ("DOC010", folder, 0o500, ERROR),
    ("DOC012", file("secret.key"), 0o600, OK),
    ("DOC012", file("secret.key"), 0o640, ERROR),
    ("DOC013", file("console.toml"), 0o600, OK),
    ("DOC013", file("console.toml"), 0o644, WARNING),
    ("DOC013", file("console.toml"), 0o660, ERROR),
    ("DOC014", file("console.db"), 0o600, OK),
    ("DOC014", file("console.db"), 0o604, ERROR),
    ("DOC014", file("console.db-wal"), 0o644, NOTE),  # without the file itself there is no database
]


@pytest.mark.parametrize(("id", "make", "mode", "expected"), FILES)
def test_an_answer_follows_from_the_modes(
    tmp_path: Path, id: str, make: Callable[[Path], Path], mode: int, expected: Level
) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    given = settings(data_dir=data)
    made = make(data)
    made.chmod(mode)
    with bound_by_modes():
        assert level(Patient(given, is_offline=True), id) is expected
    data.chmod(0o700)


def test_what_sqlite_made_beside_the_file_counts_too(tmp_path: Path) -> None:
    for name, mode in (("console.db", 0o600), ("console.db-wal", 0o644)):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(mode)
    said = answer(Patient(settings(data_dir=tmp_path), is_offline=True), "DOC014").answer
    assert said.level is ERROR
    assert "console.db-wal (mode 644)" in said.text


@pytest.mark.parametrize(("enough", "expected"), [(1, OK), (2**62, ERROR)])
def test_free_space_is_measured(tmp_path: Path, enough: int, expected: Level) -> None:
    assert level(Patient(settings(data_dir=tmp_path), is_offline=True, enough_bytes=enough), "DOC011") is expected


REMOTE = "postgresql://shop@db.example/shop"
JUDGED: list[tuple[Callable[[], Answer], Level]] = [
    (lambda: judged_version("SQLite 3.53.4"), OK),
    (lambda: judged_version("SQLite 3.51.3"), OK),
    (lambda: judged_version("SQLite 3.40.1"), ERROR),
    (lambda: judged_version("PostgreSQL 17.2 (Debian 17.2-1)"), OK),
    (lambda: judged_version("PostgreSQL 13.9"), WARNING),
    (lambda: judged_version("PostgreSQL 18beta1"), OK),
    (lambda: judged_user(1000), OK),
    (lambda: judged_user(0), WARNING),
    (lambda: judged_way(make_url("postgresql:///shop?host=/run/postgresql"), is_encrypted=False), OK),
    (lambda: judged_way(make_url("postgresql://localhost/shop"), is_encrypted=False), OK),
    (lambda: judged_way(make_url(REMOTE), is_encrypted=False), ERROR),
    (lambda: judged_way(make_url(f"{REMOTE}?sslmode=require"), is_encrypted=True), NOTE),
    (lambda: judged_way(make_url(f"{REMOTE}?sslmode=verify-full"), is_encrypted=True), OK),
]


@pytest.mark.parametrize("number", range(len(JUDGED)))
def test_versions_users_and_ways_are_judged(number: int) -> None:
    judge, expected = JUDGED[number]
    assert judge().level is expected


def test_backups_are_never_called_fine(tmp_path: Path) -> None:
    patient = Patient(settings(data_dir=tmp_path), is_offline=True)
    for name in ("before-upgrade-1-x.db", "console-3.db", "console-4.db"):
        assert answer(patient, "DEP030").answer.level is NOTE
        assert "Nobody has made a backup" in answer(patient, "DEP030").answer.text
        (tmp_path / "backups").mkdir(exist_ok=True)
        (tmp_path / "backups" / name).touch()  # without a manifest it may be anybody's
    (tmp_path / "backups" / "console-3.db.json").write_text("nothing that can be read")
    for day, words in ((this_moment() - timedelta(days=9), "9 days old: that is old"), (this_moment(), " 0 days old;")):
        backup_of(day, tmp_path / "backups" / f"console-{day:%Y%m%d}.db")
        said = answer(patient, "DEP030").answer
        assert said.level is NOTE
        assert f"console-{day:%Y%m%d}.db," in said.text
        assert words in said.text
        assert "cannot be seen from here" in said.text


def backup_of(day: datetime, path: Path) -> None:
    """A backup as ``backup create`` leaves one, as far as a look from outside goes."""
    with drafts.drafted(path) as draft:
        draft.describe("sqlite", revisions={}, key="", now=day)
        draft.publish()
