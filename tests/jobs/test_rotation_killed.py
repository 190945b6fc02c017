"""``secrets rotate`` is killed for real at many points: the console starts, reads every secret, the next try ends.

``ROTATION_KILLS`` says how many points beside the fixed ones; they are drawn by a seed. ``all`` is every statement.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import Engine, Text, cast, event, select

from console.domain.actor import SYSTEM
from console.domain.words import Role
from console.jobs.tree import fork
from console.services import audit_verify, configs, factors, rotation, users
from console.services.runtime import Runtime
from console.services.secrets import SecretBox, known_key
from console.storage.base import db
from console.storage.tables import ConfigRevision, ModuleConfig, TotpSecret
from console.storage.uow import end_read, read_session, unit_of_work
from tests.cli.shell import Shell
from tests.conftest import MakeApp
from tests.support.bench import HOSTILE
from tests.torture.faults_driver import killed, watch

KILLS = os.environ.get("ROTATION_KILLS", "2")
SEED = 5
PLATFORMS = ("north", "south")
Point = tuple[str, int]


@dataclass
class House:
    """A console with secrets of two platforms and of a person, and where its settings are."""

    app: Flask
    make_app: MakeApp
    folder: Path

    @property
    def rt(self) -> Runtime:
        found: Runtime = self.app.extensions["console"]
        return found

    def apart(self) -> None:
        """Leave no connection for a child to inherit."""
        with self.app.app_context():
            end_read()
            db.session.remove()
            db.engine.dispose()

    def secrets(self, app: Flask) -> list[str]:
        """Every stored secret, opened by ``app``."""
        rt: Runtime = app.extensions["console"]
        with app.app_context():
            session = read_session()
            found = [configs.for_code(session, rt, each, "vault")["api_key"] for each in rotation.platform_ids(session)]
            sealed = session.execute(select(TotpSecret.user_id, TotpSecret.sealed)).one()
            opened = rt.secrets.open(sealed.sealed, context=factors._place(sealed.user_id))
        return [*(each.get_secret_value() for each in found if isinstance(each, SecretStr)), opened]

    def keys_in_use(self) -> set[str]:
        """The ids of the keys that sealed what is stored, former revisions too."""
        with self.app.app_context():
            end_read()
            texts = [
                text
                for table in (ModuleConfig, ConfigRevision)
                for text in read_session().scalars(select(cast(table.overrides, Text)))
            ]
            sealed = [json.loads(text)["api_key"]["$secret"] for text in texts]
            sealed += read_session().scalars(select(TotpSecret.sealed)).all()
            end_read()
        return {each.split(".")[1] for each in sealed}


@pytest.fixture
def house(make_app: MakeApp, tmp_path: Path) -> House:
    app = make_app(modules_path=[HOSTILE / "cli"])
    shell = Shell(app)
    for slug in PLATFORMS:
        assert shell.run("platforms", "create", slug, "--name", slug.title()).code == 0
        for turn in ("first", "last"):
            words = ("modules", "config", "set", "vault", "-p", slug, "api_key=-")
            assert shell.run(*words, typed=f"{turn} of {slug}").code == 0
    with app.app_context(), unit_of_work() as uow:
        rt: Runtime = app.extensions["console"]
        user = users.create(uow, "ann@example.com", role=Role.INSTANCE_ADMIN, actor=SYSTEM, now=rt.clock())
        sealed = rt.secrets.seal("the key of an app", context=factors._place(user.id))
        uow.session.add(TotpSecret(user_id=user.id, sealed=sealed, created_at=rt.clock()))
    return House(app, make_app, tmp_path)


def rotate_in_a_child(house: House, *, point: Point | None) -> tuple[int, int]:
    """How a process ended that rotates and is killed at ``point``; how many statements it sent, unless it was.

    Args:
        point: None for a process that nobody kills.
    """
    house.apart()
    counted = house.folder / "counted"
    kind, number = point or ("", 0)

    def body() -> None:
        rt = house.rt
        rt.secrets = SecretBox(rt.secrets.path)  # as a new process has it: nothing is read yet
        with house.app.app_context():
            trouble = watch(db.engine)
            if kind == "commit":
                kill_before_commit(db.engine, number)
        if kind in FILES:
            sys.addaudithook(lambda what, given: killed(None) if FILES[kind](what, given) else None)
        trouble.begin(killed, number if kind == "statement" else 0)
        code = Shell(house.app).run("secrets", "rotate").code
        counted.write_text(str(trouble.count))
        raise SystemExit(code)

    _, status = os.waitpid(fork(body), 0)
    return os.waitstatus_to_exitcode(status), int(counted.read_text()) if counted.exists() else 0


def kill_before_commit(engine: Engine, number: int) -> None:
    left = iter(range(number - 1, -1, -1))
    event.listen(engine, "commit", lambda _connection: None if next(left) else killed(None))


FILES: dict[str, Callable[[str, tuple[object, ...]], bool]] = {
    "key": lambda what, _given: what == "os.rename",
    "anchor": lambda what, given: what == "open" and str(given[0]).endswith("audit.anchor"),
}
"""Before the file with the new key takes the place of the old one, and between a commit and its line in the anchor."""


def points(statements: int) -> list[Point]:
    """Where to kill: at the files, before each commit, and at statements drawn between.

    The server's time is asked for now and then, so that no two runs send exactly the same number.
    """
    between = range(1, statements - 10)
    drawn = list(between) if KILLS == "all" else random.Random(SEED).sample(between, min(int(KILLS), len(between)))
    fixed: list[Point] = [("key", 1), ("anchor", 1), *(("commit", number) for number in (1, 2, 3))]
    return [*fixed, *(("statement", number) for number in sorted(drawn))]


def test_a_rotation_that_is_killed_anywhere_can_be_ended(house: House) -> None:
    code, statements = rotate_in_a_child(house, point=None)
    assert code == 0
    assert statements > 30
    seen = set()
    for point in points(statements):
        before = house.keys_in_use()
        assert len(before) == 1
        assert rotate_in_a_child(house, point=point)[0] == -signal.SIGKILL, point
        seen.add(len(house.keys_in_use()))
        starts_and_reads(house, point)
        assert rotate_in_a_child(house, point=None)[0] == 0, point
        after = house.keys_in_use()
        assert len(after) == 1, point
        assert after.isdisjoint(before), point
        with house.app.app_context():
            assert {known_key(read_session())} == after
            end_read()
    starts_and_reads(house, ("end", 0))
    assert seen == {1, 2}  # some were killed when one part had the new key and the other the old
    assert list(house.rt.secrets.path.parent.glob(f".{house.rt.secrets.path.name}.*")) == []  # no draft of a key stays


def starts_and_reads(house: House, point: Point) -> None:
    """A console that starts now serves, reads every secret, and finds its audit whole."""
    app = house.make_app(modules_path=[HOSTILE / "cli"])
    assert app.test_client().get("/readyz").status_code == 200, point
    assert house.secrets(app) == [*(f"last of {slug}" for slug in PLATFORMS), "the key of an app"], point
    with app.app_context():
        assert audit_verify.verify(read_session(), app.extensions["console"]).findings == (), point
        db.session.remove()
        db.engine.dispose()
