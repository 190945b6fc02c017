"""The key file and what is sealed with it."""

from __future__ import annotations

import logging
import stat
from pathlib import Path

import pytest
from flask import Flask

from console.errors import CannotStart, WrongKey
from console.services.secrets import SecretBox, SecretUnreadable, bind_key, check_key, load_secret_box
from console.storage.base import db
from console.storage.engine import WRITE
from console.storage.uow import read_session
from tests.storage.children import start

PLACE = "config:1:billing:api_key"


@pytest.fixture
def box(tmp_path: Path) -> SecretBox:
    return load_secret_box(tmp_path / "keys" / "secret.key")


def test_what_is_sealed_opens_in_its_place_only(box: SecretBox) -> None:
    sealed = box.seal("täglich", context=PLACE)
    assert box.open(sealed, context=PLACE) == "täglich"
    assert "täglich" not in sealed
    with pytest.raises(SecretUnreadable):
        box.open(sealed, context="config:2:billing:api_key")


def test_equal_texts_do_not_look_equal(box: SecretBox) -> None:
    assert box.seal("a", context=PLACE) != box.seal("a", context=PLACE)


@pytest.mark.parametrize(
    "damage", ["", "a", "v1.", "v1.id", "v2.{id}.{body}", "v1.{id}.{flipped}", "v1.{id}.%%%", "v1.{id}.AAAA"]
)
def test_a_changed_text_does_not_open(box: SecretBox, damage: str) -> None:
    _, key_id, body = box.seal("a", context=PLACE).split(".")
    flipped = ("A" if body[0] != "A" else "B") + body[1:]  # the last letters have bits that mean nothing
    with pytest.raises(SecretUnreadable):
        box.open(damage.format(id=key_id, body=body, flipped=flipped), context=PLACE)


def test_another_key_is_named_with_its_id(box: SecretBox, tmp_path: Path) -> None:
    other = load_secret_box(tmp_path / "other.key")
    with pytest.raises(WrongKey) as caught:
        other.open(box.seal("a", context=PLACE), context=PLACE)
    assert box.key_id in str(caught.value)
    assert other.key_id in str(caught.value)


def test_the_file_is_made_on_first_use_for_its_owner_only(box: SecretBox) -> None:
    assert not box.path.parent.exists()
    first = box.key_id
    assert stat.S_IMODE(box.path.stat().st_mode) == 0o600
    assert load_secret_box(box.path).key_id == first
    assert [path.name for path in box.path.parent.iterdir()] == ["secret.key"]


def test_a_file_that_others_can_read_is_reported(box: SecretBox, caplog: pytest.LogCaptureFixture) -> None:
    assert box.key_id
    box.path.chmod(0o644)
    with caplog.at_level(logging.WARNING):
        load_secret_box(box.path).derive("x")
    assert "can be read by others" in caplog.text


@pytest.mark.parametrize(
    "content", ["", "hello\n", "module-console-key-1 c2hvcnQ=\n", "module-console-key-1 ???\n", "a b c"]
)
def test_a_file_that_is_no_key_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "secret.key"
    path.write_text(content)
    with pytest.raises(CannotStart):
        load_secret_box(path).derive("x")


def test_purposes_have_keys_of_their_own(box: SecretBox) -> None:
    assert len({box.derive("huey"), box.derive("seal"), box.derive("csrf")}) == 3
    assert box.derive("huey") == load_secret_box(box.path).derive("huey")
    assert len(box.derive("huey")) == 32


def test_nothing_secret_is_shown(box: SecretBox) -> None:
    sub_key = box.derive("seal")
    secret = box.path.read_text().split()[1]
    assert secret not in repr(box)
    assert repr(sub_key) not in repr(box)


def test_processes_that_make_the_key_together_agree(tmp_path: Path) -> None:
    children = [start("read_secret", "sqlite://", tmp_path) for _ in range(4)]
    ids = {child.communicate()[0] for child in children}
    assert ids == {load_secret_box(tmp_path / "secret.key").key_id}


def test_a_database_remembers_its_key(bare: Flask, data_dir: Path, tmp_path: Path) -> None:
    own, other = load_secret_box(data_dir / "secret.key"), load_secret_box(tmp_path / "other.key")
    with bare.app_context():
        check_key(read_session(), own)
        other.derive("x")
        with pytest.raises(WrongKey) as caught:
            check_key(read_session(), other)
        assert own.key_id in str(caught.value)
        assert other.key_id in str(caught.value)
        with db.engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
            bind_key(connection, other)
        check_key(read_session(), own)


def test_a_lost_key_is_named_and_none_is_made_in_its_place(bare: Flask, data_dir: Path) -> None:
    known = load_secret_box(data_dir / "secret.key").key_id
    (data_dir / "secret.key").unlink()
    with bare.app_context(), pytest.raises(WrongKey) as caught:
        check_key(read_session(), load_secret_box(data_dir / "secret.key"))
    assert known in str(caught.value)
    assert not (data_dir / "secret.key").exists()
