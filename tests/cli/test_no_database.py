"""A database that cannot be used: every command and process says so in one sentence and ends with 6."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.documents import ErrorDocument
from tests.cli.shell import Process

REFUSED = "The database does not answer: connection failed"


@pytest.fixture
def unreachable(tmp_path: Path) -> Process:
    """Nobody listens at port 1."""
    return Process(tmp_path, {"CONSOLE_DATABASE_URL": "postgresql://shop@127.0.0.1:1/shop"})


@pytest.mark.parametrize("words", ["platforms list", "db upgrade", "serve --port 0", "worker"])
def test_a_server_that_does_not_answer_is_exit_6(unreachable: Process, words: str) -> None:
    answer = unreachable.run(*words.split())
    assert answer.code == 6
    assert REFUSED in answer.err
    assert "Traceback" not in answer.err
    assert len(answer.err.splitlines()) <= 2


def test_a_data_folder_in_which_nothing_can_be_made_is_exit_6(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    broken = Process(tmp_path)
    for words in (("db", "upgrade"), ("serve", "--port", "0")):
        answer = broken.run(*words)
        assert answer.code == 6
        assert f"Cannot write in {tmp_path / 'data'}: " in answer.err
        assert "Traceback" not in answer.err


def test_a_change_to_what_is_read_only_is_exit_6(process: Process, tmp_path: Path) -> None:
    assert process.run("platforms", "list").code == 0  # puts the file into WAL mode
    file = process.variables["CONSOLE_DATABASE_URL"].removeprefix("sqlite:///")
    url = f"sqlite:///file:{file}?mode=ro&uri=true"
    reader = Process(tmp_path, {**process.variables, "CONSOLE_DATABASE_URL": url})
    assert reader.run("platforms", "list").code == 0
    error = reader.run("platforms", "create", "acme", "--json").document(ErrorDocument, code=6).error
    assert error.code == "storage_unavailable"


@pytest.mark.parametrize("words", ["platforms list", "worker"])
def test_a_database_of_a_newer_console_is_exit_6_and_its_revisions_are_named(process: Process, words: str) -> None:
    with closing(sqlite3.connect(process.variables["CONSOLE_DATABASE_URL"].removeprefix("sqlite:///"))) as database:
        database.execute(
            "INSERT INTO migration_ledger (revision, branch, down_revision, depends_on, description, applied_at)"
            " VALUES ('console_099', 'console', 'console_002', '[]', '', '2026-03-01 12:00:00')"
        )
        database.commit()
    answer = process.run(*words.split())
    assert answer.code == 6
    assert "The database was upgraded by a newer console (console_099)." in answer.err
    assert "Install that version again" in answer.err
    assert "Traceback" not in answer.err
