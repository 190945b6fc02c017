"""The key is rotated: every stored secret moves to the new one, and a kill in between costs nothing."""

from __future__ import annotations

import stat
from pathlib import Path

import pyotp
import pytest
from pydantic import BaseModel, SecretStr
from sqlalchemy import select

from console.domain.audit_chain import seal_of
from console.domain.words import Role
from console.errors import CannotStart, WrongKey
from console.services import audit, audit_chain, audit_verify, configs, factors, key_file, rotation, users
from console.services.secrets import SecretBox, check_key, known_key
from console.storage.base import Base
from console.storage.tables import AuditEntry, ConfigRevision, ModuleConfig, TotpSecret
from console.storage.uow import read_session
from tests.services.bench import ANNA, Bench, module
from tests.services.conftest import MakeBench


class Keys(BaseModel):
    """Two secrets."""

    api_key: SecretStr = SecretStr("")
    other: SecretStr = SecretStr("")


@pytest.fixture
def bench(make: MakeBench) -> Bench:
    """Two platforms, each with a secret that was changed once."""
    made = make(module("vault", config_schema=Keys))
    for slug in ("acme", "globex"):
        platform_id = made.platform(slug)
        for turn in ("first", "second"):
            with made.unit() as uow:
                changes = {"api_key": f"{turn} of {slug}"}
                configs.save(uow, made.rt, platform_id, "vault", changes, actor=ANNA, now=made.now)
    return made


def rotate(bench: Bench, *, platforms: int = 9) -> None:
    """All of it, or as far as it gets before it is killed."""
    old, _new = rotation.begin(bench.session, bench.rt)
    done = 0
    for platform_id in rotation.platform_ids(bench.session)[:platforms]:
        with bench.unit() as uow:
            done += rotation.reseal(uow, bench.rt, platform_id, old=old, actor=ANNA, now=bench.now)
    if platforms < 9:
        return
    with bench.unit() as uow:
        rotation.finish(uow, bench.rt, old=old, actor=ANNA, now=bench.now, secrets=done)


def sealed_by(bench: Bench, *tables: type[Base]) -> set[str]:
    """The ids of the keys that sealed what is stored."""
    rows = [row for table in tables for row in bench.session.scalars(select(table))]
    return {row.overrides["api_key"]["$secret"].split(".")[1] for row in rows}  # type: ignore[attr-defined]


def secret(bench: Bench, platform_id: int) -> str:
    value = configs.for_code(bench.session, bench.rt, platform_id, "vault")["api_key"]
    assert isinstance(value, SecretStr)
    return value.get_secret_value()


def test_everything_stored_moves_to_the_new_key_and_says_the_same(bench: Bench) -> None:
    old = bench.rt.secrets.key_id
    rotate(bench)
    new = bench.rt.secrets.key_id
    assert new != old
    assert sealed_by(bench, ModuleConfig, ConfigRevision) == {new}
    assert [secret(bench, each) for each in rotation.platform_ids(bench.session)] == [
        "second of acme",
        "second of globex",
    ]
    assert known_key(bench.session) == new
    assert stat.S_IMODE(bench.rt.secrets.path.stat().st_mode) == 0o600


def test_the_keys_of_authenticator_apps_move_too(bench: Bench) -> None:
    key = factors.fresh_key()
    with bench.unit() as uow:
        user = users.create(uow, "ann@example.com", role=Role.INSTANCE_ADMIN, actor=ANNA, now=bench.now)
        user_id = user.id
    code = pyotp.TOTP(key).at(bench.now)
    with bench.unit() as uow:
        factors.connect_app(uow, bench.rt, user_id, key, code, actor=ANNA, now=bench.now)
    rotate(bench)
    sealed = bench.session.scalars(select(TotpSecret.sealed)).one()
    assert sealed.split(".")[1] == bench.rt.secrets.key_id
    bench.pass_s(60)
    with bench.unit() as uow:
        assert factors.take_code(uow, bench.rt, user_id, pyotp.TOTP(key).at(bench.now), now=bench.now)


def test_it_stands_in_the_audit_of_each_platform_and_the_chains_hold_across_it(bench: Bench) -> None:
    old = bench.rt.secrets.key_id
    rotate(bench)
    entries = audit.listing(bench.session, None, action="secrets.rotate")
    assert {each.platform: (each.before, each.after) for each in entries} == {
        "": ({"key": old}, {"key": bench.rt.secrets.key_id, "secrets": 6}),
        "acme": ({"key": old}, {"key": bench.rt.secrets.key_id, "secrets": 3}),
        "globex": ({"key": old}, {"key": bench.rt.secrets.key_id, "secrets": 3}),
    }
    assert audit_verify.verify(read_session(), bench.rt).findings == ()


@pytest.mark.parametrize("done", [0, 1, 2])
def test_killed_in_between_it_goes_on_with_the_same_key(bench: Bench, done: int) -> None:
    rotate(bench, platforms=done)
    begun = bench.rt.secrets.key_id
    assert (begun in sealed_by(bench, ModuleConfig)) is (done > 0)
    check_key(bench.session, SecretBox(bench.rt.secrets.path))  # the console starts in this state
    assert secret(bench, rotation.platform_ids(bench.session)[1]) == "second of globex"
    rotate(bench)
    assert bench.rt.secrets.key_id == begun
    assert sealed_by(bench, ModuleConfig, ConfigRevision) == {begun}


def test_a_process_that_still_has_the_old_key_reads_the_new_and_chains_with_it(bench: Bench) -> None:
    older = SecretBox(bench.rt.secrets.path)
    assert older.key_id == bench.rt.secrets.key_id
    rotate(bench)
    sealed = bench.rt.secrets.seal("word", context="place")
    assert older.open(sealed, context="place") == "word"
    stale = SecretBox(bench.rt.secrets.path)
    stale._keys = stale._keys or key_file.read_or_make(stale.path)[1:]
    bench.rt.secrets = stale
    bench.platform("initech")
    note(bench)
    assert audit_verify.verify(read_session(), bench.rt).findings == ()


def note(bench: Bench) -> None:
    with bench.unit() as uow:
        audit.record(uow, ANNA, action="tests.note", target="x", now=bench.now)


def only_the_old_key(bench: Bench, folder: Path) -> SecretBox:
    """A copy of the key file from before the rotation."""
    path = folder / "old.key"
    path.write_text(bench.rt.secrets.path.read_text().splitlines()[1])
    path.chmod(0o600)
    return SecretBox(path)


def test_an_old_key_alone_does_not_go_on_with_the_audit(bench: Bench, tmp_path: Path) -> None:
    """Who has a copy of the key from before a rotation, and the database, is found out."""
    note(bench)
    rotate(bench)
    note(bench)
    box = only_the_old_key(bench, tmp_path)
    with bench.unit() as uow:
        head = audit_chain.locked(uow.session, {0})[0]
        last = uow.session.scalars(select(AuditEntry).where(AuditEntry.seal == head.seal)).first()
        assert last is not None
        last.actor = "nobody"
        last.seal = head.seal = seal_of(last, box.key_id, box.derive(audit_chain.PURPOSE))
    assert "old_key" in {each.wrong for each in audit_verify.verify(read_session(), bench.rt).findings}


def test_a_machine_with_a_key_file_from_before_the_rotation_writes_nothing(bench: Bench, tmp_path: Path) -> None:
    rotate(bench)
    new, bench.rt.secrets = bench.rt.secrets.key_id, only_the_old_key(bench, tmp_path)
    with pytest.raises(WrongKey, match=new):
        note(bench)
    with pytest.raises(WrongKey, match=new):
        check_key(bench.session, bench.rt.secrets)


def test_a_file_with_one_bad_line_is_no_key_file(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "copy.key"
    path.write_text(bench.rt.secrets.path.read_text() + "module-console-key-1 c2hvcnQ=\n")
    with pytest.raises(CannotStart):
        SecretBox(path).derive("x")
