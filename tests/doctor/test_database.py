"""What the doctor says of a console that lives, on both databases: each answer once fine and once not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, insert, update

from console.checks.doctor import Patient, examine
from console.domain.actor import Actor
from console.domain.diagnosis import Level
from console.domain.words import DeliveryState, Role
from console.jobs.process import identity
from console.services import audit_chain, audit_verify, clock_jumps, key_file, platforms, users
from console.services.runtime import Runtime
from console.services.secrets import SecretBox
from console.settings import load_settings
from console.storage.base import db
from console.storage.tables import AuditChain, AuditEntry, MigrationLedger, Runner, TaskRun, TotpSecret
from console.storage.tenancy import system_scope
from console.storage.uow import UnitOfWork, end_read, read_session, unit_of_work
from tests.doctor.looking import EVERY, answer, level, settings
from tests.doctor.test_settings_and_files import FILES, SETTINGS
from tests.support.databases import bare_app, close
from tests.support.hashing import cheap

OK, NOTE, UNKNOWN, WARNING, ERROR = Level
ANNA = Actor("anna@example.com", "cli")
PASSWORD = "a password that came in a file"
Ill = Callable[[UnitOfWork, Runtime], object]


@pytest.fixture
def console(database_url: str, closed: None, data_dir: Path) -> Iterator[Flask]:
    """A console in good health: a platform, an admin with two factors, a runner, and an audit that was looked at."""
    file = data_dir.parent / "password"
    given = {"data_dir": data_dir, "database_url": database_url}
    app = bare_app(load_settings({**given, "admin_email": "ann@example.com", "admin_password_file": file}, {}))
    rt: Runtime = app.extensions["console"]
    with app.app_context(), system_scope():
        with unit_of_work() as uow:
            now = rt.clock()
            platforms.create(uow, rt, "acme", "Acme", actor=ANNA, now=now)
            ann = users.create(
                uow, "ann@example.com", role=Role.INSTANCE_ADMIN, actor=ANNA, now=now, password=cheap(PASSWORD)
            )
            uow.session.add(TotpSecret(user_id=ann.id, sealed="", created_at=now))
            uow.session.add(Runner(id=identity(), kind="serve", started_at=now, seen_at=now))
        look(rt)
        yield app
        db.session.remove()
    close(app)


def look(rt: Runtime) -> None:
    verdict = audit_verify.verify(read_session(), rt)
    with unit_of_work() as uow:
        audit_verify.remember(uow, verdict, by="cli:anna", now=rt.clock())


def patient(app: Flask) -> Patient:
    end_read()
    return Patient(app.extensions["console"].settings, app, is_offline=True)


def test_a_console_in_good_health_is_fine(console: Flask) -> None:
    wrong = {each.id: each.answer for each in examine(patient(console)) if each.answer.level is not OK}
    assert wrong == {}
    for id in ("DEP011", "DEP012", "DEP013", "DEP021"):
        assert level(patient(console), id) is OK, answer(patient(console), id)


def forget_a_migration(label: str) -> Ill:
    return lambda uow, _rt: uow.session.execute(delete(MigrationLedger).where(MigrationLedger.branch == label))


def newer(uow: UnitOfWork, rt: Runtime) -> None:
    row = {"revision": "console_999", "branch": "console", "down_revisions": [], "depends_on": []}
    columns = {column.name for column in MigrationLedger.__table__.columns}
    values = {name: value for name, value in {**row, "applied_at": rt.clock()}.items() if name in columns}
    uow.session.execute(insert(MigrationLedger).values(values))


def another_key(_uow: UnitOfWork, rt: Runtime) -> None:
    rt.secrets.path.unlink()
    key_file.read_or_make(rt.secrets.path)
    rt.secrets = SecretBox(rt.secrets.path)


def give_up(uow: UnitOfWork, rt: Runtime) -> None:
    uow.session.add(
        TaskRun(task="x", module=None, platform_id=1, arguments={}, state=DeliveryState.FAILED, created_at=rt.clock())
    )


def say_found(uow: UnitOfWork, _rt: Runtime) -> None:
    uow.session.execute(update(AuditChain).values(findings=2))


def look_never(uow: UnitOfWork, _rt: Runtime) -> None:
    uow.session.execute(update(AuditChain).values(verified_at=None))


def look_long_ago(uow: UnitOfWork, rt: Runtime) -> None:
    uow.session.execute(update(AuditChain).values(verified_at=rt.clock() - timedelta(days=4)))


def no_factor(uow: UnitOfWork, _rt: Runtime) -> None:
    uow.session.execute(delete(TotpSecret))


def set_back(uow: UnitOfWork, rt: Runtime) -> None:
    clock_jumps.note_seen(uow, rt.clock() + timedelta(hours=1))


def no_anchor(_uow: UnitOfWork, rt: Runtime) -> None:
    audit_chain.anchor_path(rt).unlink()


def hand_in(password: str) -> Ill:
    def put(_uow: UnitOfWork, rt: Runtime) -> None:
        assert rt.settings.admin_password_file is not None
        rt.settings.admin_password_file.write_text(password + "\n")

    return put


def no_runner(uow: UnitOfWork, _rt: Runtime) -> None:
    uow.session.execute(delete(Runner))


ILLS: list[tuple[str, Ill, Level]] = [
    ("DOC021", forget_a_migration("cms"), WARNING),
    ("DOC021", forget_a_migration("console"), ERROR),
    ("DOC021", newer, ERROR),
    ("DOC022", another_key, ERROR),
    ("DOC023", set_back, WARNING),
    ("DOC030", no_runner, WARNING),
    ("DOC031", give_up, WARNING),
    ("DOC040", say_found, ERROR),
    ("DOC040", look_never, WARNING),
    ("DOC040", look_long_ago, WARNING),
    ("DOC041", no_anchor, WARNING),
    ("DEP011", no_factor, WARNING),
    ("DEP013", hand_in("another password"), WARNING),
    ("DEP013", hand_in(PASSWORD), ERROR),
]


@pytest.mark.parametrize("number", range(len(ILLS)))
def test_what_is_wrong_is_named_and_says_what_to_do(console: Flask, number: int) -> None:
    id, befall, expected = ILLS[number]
    with unit_of_work() as uow:
        befall(uow, console.extensions["console"])
    said = answer(patient(console), id).answer
    assert (said.level, bool(said.hint)) == (expected, True), said


def test_a_database_without_an_admin_waits_for_one(database_url: str, data_dir: Path) -> None:
    app = bare_app(settings(data_dir=data_dir, database_url=database_url))
    try:
        assert level(Patient(app.extensions["console"].settings, app, is_offline=True), "DEP012") is WARNING
    finally:
        close(app)


def test_a_tamper_stands_there_once_somebody_looked(console: Flask) -> None:
    rt: Runtime = console.extensions["console"]
    with unit_of_work() as uow:
        uow.session.execute(update(AuditEntry).values(actor="nobody"))
    assert level(patient(console), "DOC040") is OK
    look(rt)
    assert level(patient(console), "DOC040") is ERROR


@pytest.mark.parametrize("database_kind", ["postgres"], indirect=True)
def test_a_machine_whose_clock_is_wrong_is_told(console: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    class Wrong(datetime):
        @classmethod
        def now(cls, tz: object = None) -> Wrong:
            return super().now(tz) + timedelta(minutes=2)  # type: ignore[arg-type]

    monkeypatch.setattr("console.storage.clock.datetime", Wrong)
    said = answer(patient(console), "DOC023").answer
    assert said.level is WARNING
    assert re.search(r"1(19|20|21) s ahead of the database server", said.text)


def test_looking_changes_nothing_and_makes_no_database(tmp_path: Path) -> None:
    app = bare_app(settings(data_dir=tmp_path / "new"))
    try:
        found = {
            each.id: each.answer.level
            for each in examine(
                Patient(app.extensions["console"].settings, app),
            )
        }
    finally:
        close(app)
    assert not (tmp_path / "new").exists()
    assert found["DOC020"] is NOTE
    assert {found[id] for id in ("DOC021", "DOC022", "DOC030", "DOC040")} == {UNKNOWN}


def test_a_server_that_does_not_answer_is_an_error_and_the_rest_is_unknown(tmp_path: Path) -> None:
    app = bare_app(settings(data_dir=tmp_path, database_url="postgresql://shop@127.0.0.1:1/shop"))
    try:
        found = {each.id: each.answer.level for each in examine(Patient(app.extensions["console"].settings, app))}
    finally:
        close(app)
    assert found["DOC020"] is ERROR
    assert {found[id] for id in ("DOC022", "DOC030", "DOC040")} == {UNKNOWN}


ELSEWHERE = {
    "DOC001": "test_a_console_that_cannot_be_loaded_is_looked_at_all_the_same",
    "DOC002": "test_a_broken_module_is_named",
    "DOC011": "test_free_space_is_measured",
    "DOC020": "test_versions_users_and_ways_are_judged",
    "DEP012": "test_a_database_without_an_admin_waits_for_one",
    "DEP020": "test_versions_users_and_ways_are_judged",
    "DEP021": "test_versions_users_and_ways_are_judged",
    "DEP030": "test_backups_are_never_called_fine",
    "DEP031": "test_a_weakness_that_is_known_is_named_with_the_day",
}
"""Id → the test in which it is not fine."""


def test_each_id_has_a_case_in_which_it_is_not_fine() -> None:
    tabled = {id for table in (SETTINGS, FILES, ILLS) for id, *_, expected in table if expected in (WARNING, ERROR)}
    assert tabled | set(ELSEWHERE) == set(EVERY)
    text = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    assert [name for name in ELSEWHERE.values() if f"def {name}(" not in text] == []
