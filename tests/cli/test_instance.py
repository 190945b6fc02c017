"""settings, setup-link, demo, and what a broken start leaves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from console.services import setup
from console.services.secrets import load_secret_box
from console.settings import NAMES
from console.storage.uow import read_session
from tests.cli.documents import ErrorDocument
from tests.cli.shell import Process, Shell


def test_settings_are_printed_with_their_source_and_without_secrets(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "console.toml").write_text("port = 9000\n")
    monkeypatch.setenv("CONSOLE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CONSOLE_DATABASE_URL", "postgresql://ann:sesame@db/shop")
    answer = shell.run("settings", "--json")
    found = answer.json["settings"]
    assert set(found) == set(NAMES)
    assert (found["port"], found["data_dir"]["source"]) == ({"value": 9000, "source": "file"}, "env")
    assert found["locale"] == {"value": "en", "source": "default"}
    assert found["database_url"]["value"] == "postgresql://ann:***@db/shop"
    assert "sesame" not in answer.out + shell.run("settings").out
    assert ["CONSOLE_PORT", "9000", "file"] in shell.run("settings").rows


def test_settings_list_and_check_what_is_set_for_modules(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "console.toml").write_text("[modules.loyalty]\npoints = 7\n[platforms.acne.billing]\ntrial_days = 8\n")
    monkeypatch.setenv("CONSOLE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CONSOLE_MODULE__BILLING__TRAIL_DAYS", "9")
    document = shell.run("settings", "--json").json
    assert document["modules"] == [
        {"name": "[modules.loyalty] points", "source": "file"},
        {"name": "[platforms.acne.billing] trial_days", "source": "file"},
        {"name": "CONSOLE_MODULE__BILLING__TRAIL_DAYS", "source": "env"},
    ]
    loyalty, trail_days, acne = document["problems"]
    assert "no module 'loyalty' is installed" in loyalty
    assert "Did you mean CONSOLE_MODULE__BILLING__TRIAL_DAYS?" in trail_days
    assert "Did you mean 'acme'?" in acne
    told = shell.run("settings")
    assert ["[modules.loyalty] points", "***", "file"] in told.rows
    assert acne in told.err


def test_a_misspelt_key_of_a_module_is_refused_and_a_module_that_is_gone_is_not(process: Process) -> None:
    gone = Process(process.folder, {**process.variables, "CONSOLE_MODULE__LOYALTY__POINTS": "7"})
    answer = gone.run("platforms", "list", "--json")
    assert answer.code == 0
    assert "no module 'loyalty' is installed" in answer.err
    wrong = Process(process.folder, {**gone.variables, "CONSOLE_MODULE__BILLING__TRAIL_DAYS": "9"})
    error = wrong.run("platforms", "list", "--json").document(ErrorDocument, code=6).error
    assert error.code == "settings_invalid"
    assert "CONSOLE_MODULE__BILLING__TRAIL_DAYS: billing has no such key." in error.message
    strict = Process(process.folder, {**gone.variables, "CONSOLE_STRICT": "1"})
    assert strict.run("platforms", "list", "--json").document(ErrorDocument, code=6).error.code == "settings_invalid"


def test_the_setup_link_opens_until_there_is_an_admin(make_app: Callable[..., Flask]) -> None:
    shell = Shell(make_app(base_url="https://shop.example"))
    old, new = (shell.json("setup-link")["url"] for _ in range(2))
    assert new.startswith("https://shop.example/setup?token=")
    with shell.app.app_context():
        assert [setup.is_good(read_session(), url.partition("=")[2]) for url in (old, new)] == [False, True]
    assert shell.run("users", "create", "root@example.com", "--role", "instance-admin").code == 0
    assert shell.document(ErrorDocument, "setup-link", code=4).error.code == "setup_done"


def test_the_demo_fills_an_empty_database_once(make_app: Callable[..., Flask]) -> None:
    shell = Shell(make_app())
    assert shell.json("demo")["platforms"] == ["acme", "globex"]
    assert {each["platform"] for each in shell.json("vendors", "list")["vendors"]} == {"acme", "globex"}
    assert shell.json("users", "list")["users"] == []
    assert shell.document(ErrorDocument, "demo", code=4).error.code == "not_empty"


COMMANDS = [["modules", "list"], ["modules", "enable", "orders"], ["platforms", "list"], ["db", "upgrade"]]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_an_application_that_cannot_be_loaded_is_exit_6(process: Process, words: list[str]) -> None:
    broken = Process(process.folder, {**process.variables, "CONSOLE_PRT": "80"})
    answer = broken.run(*words, "--json")
    error = answer.document(ErrorDocument, code=6).error
    assert error.message == "There is no setting CONSOLE_PRT."
    assert error.hint == "Did you mean CONSOLE_PORT?"
    assert "Traceback" not in answer.err


def test_help_works_whatever_is_broken(process: Process) -> None:
    broken = Process(process.folder, {**process.variables, "CONSOLE_PRT": "80"})
    for words in ([], ["modules"], ["modules", "enable"], ["modules", "operations"], ["users"], ["serve"]):
        answer = broken.run(*words, "--help")
        assert answer.code == 0
        assert "Usage: module-console" in answer.out


def test_a_strict_start_names_what_is_broken(process: Process) -> None:
    folder = Path(__file__).parents[1] / "support" / "hostile" / "cli"
    variables = {**process.variables, "CONSOLE_STRICT": "1", "CONSOLE_MODULES_PATH": str(folder)}
    error = Process(process.folder, variables).run("modules", "list", "--json").document(ErrorDocument, code=6).error
    assert error.code == "cannot_start"
    assert "broken on purpose" in error.message


def test_another_application_is_told_so(process: Process) -> None:
    (process.folder / "shop.py").write_text("from flask import Flask\napp = Flask('shop')\n")
    flask = Process(process.folder, process.variables, (*process.program[:1], "-m", "flask", "--app", "shop"))
    error = flask.run("modules", "list", "--json").document(ErrorDocument, code=6).error
    assert error.message == "The application that was named is not the console."


@pytest.mark.parametrize(
    "words", [("users", "list"), ("setup-link",), ("tokens", "create", "--name", "t")], ids=" ".join
)
@pytest.mark.parametrize("kept", [True, False], ids=["another key", "no key"])
def test_a_key_that_does_not_fit_is_refused_before_anything_is_sealed_with_it(
    make_app: Callable[..., Flask], tmp_path: Path, *, words: tuple[str, ...], kept: bool
) -> None:
    file = tmp_path / "other.key"
    if kept:
        assert load_secret_box(file).key_id
    shell = Shell(make_app(secret_key_file=file))
    assert shell.document(ErrorDocument, *words, code=6).error.code == "wrong_key"
    assert file.exists() is kept
