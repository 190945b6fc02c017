"""config: what goes in, what comes out, and what never does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.cli.documents import ConfigDocument, ErrorDocument
from tests.cli.shell import Shell
from tests.support.bench import QUICK

SECRET = "sk_live_do_not_print_me"


def value(shell: Shell, code: str, key: str) -> tuple[object, str]:
    found = shell.document(ConfigDocument, "modules", "config", "list", code).values[key]
    return found.value, found.source


def test_every_value_is_listed_with_its_source(shell: Shell) -> None:
    found = shell.document(ConfigDocument, "modules", "config", "list", "billing")
    assert (found.module, found.platform, found.revision) == ("billing", "acme", 0)
    assert found.values["trial_days"].model_dump(include={"value", "source", "default", "secret"}) == {
        "value": 14,
        "source": "default",
        "default": 14,
        "secret": False,
    }
    assert ["trial_days", "14", "default", "-"] in shell.run("modules", "config", "list", "billing").rows


def test_set_stores_and_unset_takes_back(shell: Shell) -> None:
    changed = shell.document(
        ConfigDocument, "modules", "config", "set", "billing", "trial_days=30", "enable_invoices=no", "--note", "May"
    )
    assert changed.revision == 1
    assert value(shell, "billing", "trial_days") == (30, "platform")
    assert value(shell, "billing", "enable_invoices") == (False, "platform")
    assert shell.run("modules", "config", "unset", "billing", "trial_days").code == 0
    assert value(shell, "billing", "trial_days") == (14, "default")


def test_get_prints_the_value_alone(shell: Shell) -> None:
    assert shell.run("modules", "config", "get", "billing", "trial_days").out == "14\n"
    assert shell.run("modules", "config", "get", "billing", "invoice_prefix").out == "INV-\n"
    assert shell.json("modules", "config", "get", "billing", "trial_days")["value"] == 14


@pytest.mark.parametrize("words", [["get", "billing", "trial_dayz"], ["unset", "billing", "trial_dayz"]])
def test_an_unknown_key_is_exit_3_and_suggests(shell: Shell, words: list[str]) -> None:
    error = shell.document(ErrorDocument, "modules", "config", *words, code=3).error
    assert (error.code, error.hint) == ("unknown_key", "Did you mean 'trial_days'?")
    assert shell.run("modules", "config", "set", "billing", "trial_dayz=1").code == 3


def test_a_refused_value_is_exit_4_with_a_reason_for_each_key(shell: Shell) -> None:
    words = ("set", "billing", "trial_days=400", "stripe_mode=prod", "invoice_prefix=A")
    error = shell.document(ErrorDocument, "modules", "config", *words, code=4).error
    assert error.code == "config_invalid"
    assert error.details == {"trial_days": "365 or less", "stripe_mode": "one of 'test' or 'live'"}
    assert value(shell, "billing", "invoice_prefix") == ("INV-", "default")


def test_a_dry_run_judges_and_stores_nothing(shell: Shell) -> None:
    shown = shell.document(ConfigDocument, "modules", "config", "set", "billing", "trial_days=30", "--dry-run")
    assert shown.values["trial_days"].value == 30
    assert value(shell, "billing", "trial_days") == (14, "default")
    assert shell.run("modules", "config", "set", "billing", "trial_days=x", "--dry-run").code == 4
    assert shell.json("modules", "config", "history", "billing")["revisions"] == []


@pytest.mark.parametrize("pair", ["trial_days", ""])
def test_a_word_that_is_no_pair_is_a_mistake(shell: Shell, pair: str) -> None:
    assert shell.document(ErrorDocument, "modules", "config", "set", "billing", pair, code=2).error.code == "usage"


def test_values_come_from_stdin_and_files(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "prefix").write_text("FILE-\n")
    answer = shell.run(
        *("modules", "config", "set", "billing"), "trial_days=-", f"invoice_prefix=@{tmp_path}/prefix", typed="21\n"
    )
    assert answer.code == 0
    assert value(shell, "billing", "trial_days") == (21, "platform")
    assert value(shell, "billing", "invoice_prefix") == ("FILE-", "platform")
    gone = shell.document(ErrorDocument, "modules", "config", "set", "billing", "trial_days=@/nowhere", code=2).error
    assert "cannot be read" in gone.message


def test_lists_are_written_as_json(rough: Shell) -> None:
    assert rough.run("modules", "config", "set", "vault", 'countries=["DE", "FR"]').code == 0
    assert value(rough, "vault", "countries") == (["DE", "FR"], "platform")
    assert rough.run("modules", "config", "set", "vault", "countries=DE").code == 4


def test_a_secret_is_never_a_word_and_never_printed(rough: Shell, data_dir: Path) -> None:
    refused = rough.document(ErrorDocument, "modules", "config", "set", "vault", f"api_key={SECRET}", code=2).error
    assert refused.hint is not None
    assert "stdin" in refused.hint
    said = [rough.run("modules", "config", "set", "vault", "api_key=-", "--json", typed=f"{SECRET}\n")]
    for words in (["list", "vault"], ["get", "vault", "api_key"], ["history", "vault"], ["schema", "vault"]):
        said += [rough.run("modules", "config", *words), rough.run("modules", "config", *words, "--json")]
    said += [rough.run("modules", "show", "vault"), rough.run("modules", "why", "vault")]
    assert {answer.code for answer in said} == {0}
    assert not any(SECRET in answer.out + answer.err for answer in said)
    stored = rough.document(ConfigDocument, "modules", "config", "list", "vault").values["api_key"]
    assert (stored.value, stored.secret, stored.source) == (None, True, "platform")
    assert rough.run("modules", "config", "get", "vault", "api_key").out == "(secret, set)\n"
    assert not any(SECRET.encode() in path.read_bytes() for path in data_dir.glob("console.db*"))


def test_history_and_restore(shell: Shell) -> None:
    for days in ("20", "30"):
        assert shell.run("modules", "config", "set", "billing", f"trial_days={days}", "--note", f"to {days}").code == 0
    revisions = shell.json("modules", "config", "history", "billing")["revisions"]
    assert [(each["revision"], each["note"]) for each in revisions] == [(2, "to 30"), (1, "to 20")]
    assert revisions[0]["diff"] == {"trial_days": {"before": 20, "after": 30}}
    assert shell.document(ConfigDocument, "modules", "config", "restore", "billing", "1").revision == 3
    assert value(shell, "billing", "trial_days") == (20, "platform")
    unknown = shell.document(ErrorDocument, "modules", "config", "restore", "billing", "9", code=3).error
    assert unknown.code == "unknown_revision"


def test_the_schema_is_json_schema(shell: Shell) -> None:
    bare: dict[str, Any] = shell.json("modules", "config", "schema", "billing")["json_schema"]
    # any: a JSON Schema
    assert bare["properties"]["trial_days"]["maximum"] == 365


def test_a_key_that_the_environment_holds_is_refused_by_name(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONSOLE_MODULE__BILLING__TRIAL_DAYS", "7")
    shell = Shell(make_app(**QUICK))
    assert shell.run("platforms", "create", "acme").code == 0
    assert value(shell, "billing", "trial_days") == (7, "env")
    error = shell.document(ErrorDocument, "modules", "config", "set", "billing", "trial_days=9", code=4).error
    assert error.code == "config_locked"


def test_a_module_that_cannot_be_read_has_no_configuration(rough: Shell) -> None:
    assert rough.document(ErrorDocument, "modules", "config", "list", "broken", code=4).error.code == "quarantined"
