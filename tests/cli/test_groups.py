"""The tree of commands itself: lazy, complete, and the same through Flask."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from console.cli import console_group, modules_group
from tests.cli.documents import ErrorDocument
from tests.cli.shell import Process, Shell


def every_command(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None, name
        yield (*path, name)
        if isinstance(found, click.Group):
            yield from every_command(found, (*path, name))


def test_every_command_of_the_contract_is_there() -> None:
    found = {" ".join(path) for path in every_command(modules_group)}
    wanted = ["list", "show", "plan", "enable", "disable", "is-enabled", "operations", "why", "config", "graph"]
    wanted += ["routes", "health", "events", "migrate", "migrations", "revision", "purge"]
    wanted += [f"operations {word}" for word in ("retry", "undo", "keep", "cancel", "force")]
    wanted += [f"config {word}" for word in ("list", "get", "set", "unset", "history", "restore", "schema")]
    wanted += ["given-up", "given-up again", "given-up let-go"]
    assert found == set(wanted)


@pytest.mark.parametrize("path", list(every_command(console_group)), ids=" ".join)
def test_every_command_has_help_that_says_something(path: tuple[str, ...]) -> None:
    result = CliRunner().invoke(console_group, [*path, "--help"])
    assert result.exit_code == 0
    text = result.stdout.partition("\n\n")[2]
    assert len(text.split("Options:")[0].split()) >= 2


def test_commands_of_modules_all_speak_json() -> None:
    context = click.Context(modules_group)
    for name in modules_group.list_commands(context):
        found = modules_group.get_command(context, name)
        if not isinstance(found, click.Group):
            assert found is not None
            options = {option for parameter in found.params for option in parameter.opts}
            assert {"--json", "--plain", "-q", "--no-color", "--no-input"} <= options


def test_help_imports_neither_the_application_nor_a_database() -> None:
    code = (
        "import sys; from console.cli import console_group\n"
        "try: console_group(['modules', '--help'])\n"
        "except SystemExit: pass\n"
        "print([name for name in ('flask', 'sqlalchemy', 'alembic', 'huey', 'console.app') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("words", [["enabel", "x"], ["enable"], ["list", "--nope"], ["graph", "--format", "xml"]])
def test_a_mistake_in_the_words_is_exit_2_and_with_json_a_document(shell: Shell, words: list[str]) -> None:
    assert shell.run("modules", *words).code == 2
    assert shell.document(ErrorDocument, "modules", *words, code=2).error.code == "usage"


def test_flask_knows_the_commands_without_an_app(process: Process) -> None:
    flask = Process(process.folder, process.variables, (sys.executable, "-m", "flask"))
    answer = flask.run("modules", "graph", "--json")
    assert answer.code == 0, answer.err
    assert {"from": "orders", "to": "payments"} in answer.json["edges"]
    named = Process(process.folder, process.variables, (sys.executable, "-m", "flask", "--app", "console"))
    assert named.run("modules", "graph", "--json").json == answer.json


def test_a_reader_that_goes_away_is_no_error(process: Process) -> None:
    running = process.start("modules", "routes", "cms")
    assert running.stdout is not None
    running.stdout.close()
    assert running.wait(timeout=60) == 1
    assert running.stderr is not None
    assert "Traceback" not in running.stderr.read()
    running.stderr.close()
