"""Writing the audit: without its entry nothing is done, and writers of the same chain take turns."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from console.domain.plan_types import ChangeRequest
from console.domain.words import Role
from console.services import (
    audit,
    configs,
    logins,
    operations,
    platforms,
    setup,
    tokens,
    users,
    vendors,
)
from console.storage.base import db
from console.storage.engine import WRITE
from console.storage.tables import (
    ApiToken,
    AuditEntry,
    ConfigRevision,
    Membership,
    ModuleConfig,
    Operation,
    Platform,
    SetupClaim,
    User,
    Vendor,
    WebSession,
)
from console.storage.uow import UnitOfWork, unit_of_work
from tests.services.bench import ANNA, Bench
from tests.services.chains import anchor, chained, verdict
from tests.services.conftest import MakeBench
from tests.torture.audit_tampers import audit_tampers
from tests.torture.scenario import Ground, Scale


@pytest.fixture
def bench(make: MakeBench) -> Bench:
    """Three chains to write to."""
    return chained(make)


@pytest.fixture
def refusing(bench: Bench, database_kind: str) -> Bench:
    """A database that takes no entry of the audit; it has one account."""
    with bench.unit() as uow:
        role = Role.PLATFORM_ADMIN
        users.create(uow, "ann@example.com", role=role, platform_id=2, actor=ANNA, now=bench.now)
    with db.engine.connect().execution_options(**{WRITE: True}) as connection:
        for statement in REFUSE[database_kind]:
            connection.execute(text(statement))
        connection.commit()
    return bench


REFUSE = {
    "sqlite": ["CREATE TRIGGER refuse BEFORE INSERT ON audit_entries BEGIN SELECT RAISE(ABORT, 'refused'); END"],
    "postgres": [
        "CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER refuse BEFORE INSERT ON audit_entries EXECUTE FUNCTION refuse()",
    ],
}


def login(bench: Bench, uow: UnitOfWork) -> object:
    user_id = uow.session.scalars(select(User.id)).one()
    return logins.start_session(uow, bench.rt, user_id, now=bench.now)


EFFECTS: dict[str, Callable[[Bench, UnitOfWork], object]] = {
    "toggle": lambda bench, uow: operations.accept(
        uow, bench.rt, 1, ChangeRequest({"payments": False}), actor=ANNA, now=bench.now
    ),
    "platform": lambda bench, uow: platforms.create(uow, bench.rt, "initech", "I", actor=ANNA, now=bench.now),
    "configuration": lambda bench, uow: configs.save(
        uow, bench.rt, 1, "vault", {"retries": 4}, actor=ANNA, now=bench.now
    ),
    "user": lambda bench, uow: users.create(
        uow, "bob@example.com", role=Role.INSTANCE_ADMIN, actor=ANNA, now=bench.now
    ),
    "role": lambda bench, uow: users.grant(uow, 1, Role.PLATFORM_ADMIN, platform_id=1, actor=ANNA, now=bench.now),
    "login": login,
    "token": lambda bench, uow: tokens.create(uow, "t", expires_days=1, actor=ANNA, now=bench.now),
    "set-up link": lambda bench, uow: setup.fresh_link(uow, bench.now),
    "vendor": lambda bench, uow: vendors.create(uow, bench.rt, 1, "shop", name="Shop", actor=ANNA, now=bench.now),
}
TABLES = (Operation, Platform, ModuleConfig, ConfigRevision, User, Membership, WebSession, ApiToken, SetupClaim, Vendor)


def test_without_its_entry_nothing_is_done(refusing: Bench) -> None:
    lines = anchor(refusing).read_text()
    before = [refusing.count(each) for each in TABLES], refusing.revision(1)
    for name, effect in EFFECTS.items():
        with pytest.raises(DBAPIError, match="refused"), refusing.unit() as uow:
            effect(refusing, uow)
            uow.session.flush()
            assert uow.entries, name
        assert ([refusing.count(each) for each in TABLES], refusing.revision(1)) == before, name
    assert anchor(refusing).read_text() == lines


def test_writers_of_shared_and_of_new_chains_take_turns(bench: Bench) -> None:
    """Whatever chains a unit of work adds to, in whatever order, none waits in a circle and none forks a chain."""
    chains = (None, 1, 2, 501, 502)
    failed: list[BaseException] = []

    def write(turn: int) -> None:
        try:
            with bench.app.app_context():
                for number in range(5):
                    with unit_of_work() as uow:
                        for each in random.Random(turn * 10 + number).sample(chains, 3):
                            audit.record(
                                uow, ANNA, action="tests.race", target=f"{turn}", now=bench.now, platform_id=each
                            )
                db.session.remove()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(turn,)) for turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert verdict(bench).findings == ()
    written = select(func.count()).where(AuditEntry.action == "tests.race")
    assert bench.session.scalar(written) == 4 * 5 * 3


def test_the_scenario_of_the_torture_meddles_and_misses_nothing(
    tmp_path: Path, data_dir: Path, empty_database_url: str
) -> None:
    ground = Ground(tmp_path / "ground", lambda: empty_database_url, "any", random.randrange(10**9), Scale.TEST)
    ground.folder.mkdir()
    found = audit_tampers(ground)
    assert found.holds, (ground.seed, found)
