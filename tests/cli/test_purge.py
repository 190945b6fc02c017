"""purge: counts, asks for the name, exports, deletes; refused while the module is on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.documents import ErrorDocument, PurgeDocument
from tests.cli.shell import Shell

PURGE = ("modules", "purge", "payments", "-p", "acme")
SURE = ("--confirm", "acme/payments")


@pytest.fixture
def off(shell: Shell) -> Shell:
    """Payments was on, made its gateways, and is off again."""
    for verb in ("enable", "disable"):
        assert shell.run("modules", verb, "payments", "-p", "acme").code == 0
    assert shell.run("modules", "config", "set", "payments", "max_methods_per_vendor=3", "-p", "acme").code == 0
    return shell


def test_a_dry_run_counts_and_changes_nothing(off: Shell) -> None:
    for _time in range(2):
        found = off.document(PurgeDocument, *PURGE, "--dry-run").purge
        assert (found.purged, found.confirm, found.settings, found.revisions) == (False, "acme/payments", 1, 1)
        assert {table.name: table.rows for table in found.tables} == {
            "payments_gateways": found.rows,
            "payments_methods": 0,
        }
        assert found.rows > 0


def test_it_deletes_what_was_counted_and_a_second_time_nothing(off: Shell) -> None:
    counted = off.document(PurgeDocument, *PURGE, "--dry-run").purge
    done = off.document(PurgeDocument, *PURGE, *SURE).purge
    assert done.purged
    assert (done.rows, done.tables) == (counted.rows, counted.tables)
    assert off.document(PurgeDocument, *PURGE, *SURE).purge.purged is False
    assert "nothing to delete" in off.run(*PURGE, *SURE).out
    kept = off.json("modules", "config", "get", "payments", "max_methods_per_vendor", "-p", "acme")
    assert kept["source"] == "default"


def test_the_export_is_written_first_and_never_over_a_file(off: Shell, tmp_path: Path) -> None:
    file = tmp_path / "payments.json"
    file.write_text("mine")
    refused = off.run(*PURGE, *SURE, "--export", str(file))
    assert refused.code == 2
    assert "Nothing was deleted" in refused.err
    assert file.read_text() == "mine"
    assert off.run(*PURGE, *SURE, "--export", str(tmp_path / "nowhere" / "x.json")).code == 2

    file.unlink()
    done = off.document(PurgeDocument, *PURGE, *SURE, "--export", str(file)).purge
    document = json.loads(file.read_text())
    assert (done.purged, done.export) == (True, str(file))
    assert len(document["tables"]["payments_gateways"]) == done.rows
    assert document["settings"] == {"max_methods_per_vendor": 3}
    assert file.stat().st_mode & 0o077 == 0


def test_without_a_terminal_the_name_must_be_given_and_be_right(off: Shell, tmp_path: Path) -> None:
    silent = off.run(*PURGE, "--json").document(ErrorDocument, code=2)
    assert silent.error.code == "confirmation_needed"
    assert silent.error.hint == "Pass --confirm acme/payments."
    wrong = off.run(*PURGE, "--confirm", "globex/payments", "--export", str(tmp_path / "x.json"), "--json")
    assert wrong.document(ErrorDocument, code=2).error.code == "confirmation_wrong"
    assert list(tmp_path.glob("x.json")) == []
    assert off.document(PurgeDocument, *PURGE, "--dry-run").purge.rows > 0


@pytest.mark.parametrize(("code", "reason"), [("cms", "core_protected"), ("payments", "not_disabled")])
def test_what_is_on_is_refused_with_the_way_out(shell: Shell, code: str, reason: str) -> None:
    if code == "payments":
        assert shell.run("modules", "enable", code, "-p", "acme").code == 0
    words = ("modules", "purge", code, "-p", "acme", "--confirm", f"acme/{code}")
    assert shell.run(*words, "--json").document(ErrorDocument, code=4).error.code == reason
    counted = shell.document(PurgeDocument, *words, "--dry-run").purge
    assert [block["code"] for block in counted.blocks] == [reason]


def test_background_work_is_brought_to_its_end_first(shell: Shell) -> None:
    for verb in ("enable", "disable"):
        assert shell.run("modules", verb, "analytics", "-p", "acme").code == 0
    words = ("modules", "purge", "analytics", "-p", "acme")
    waiting = shell.document(PurgeDocument, *words, "--dry-run").purge
    assert [block["code"] for block in waiting.blocks] == ["work_open"]
    done = shell.run(*words, "--confirm", "acme/analytics", "--json")
    assert done.document(PurgeDocument).purge.blocks == []
    assert "background work" in done.err


def test_an_unknown_module_is_named(shell: Shell) -> None:
    answer = shell.run("modules", "purge", "ordres", "-p", "acme")
    assert answer.code == 3
    assert "Did you mean 'orders'?" in answer.err
