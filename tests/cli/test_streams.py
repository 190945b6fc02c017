"""Streams that are closed, and a system that speaks no UTF-8."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.cli.shell import Answer, Process


def shell(process: Process, line: str, **variables: str) -> Answer:
    """A line of the shell in which ``CONSOLE`` is the command."""
    script = line.replace("CONSOLE", f"{sys.executable} -m console")
    done = subprocess.run(
        ["/bin/sh", "-c", script],
        env={**process.environment, **variables},
        cwd=process.folder,
        capture_output=True,
        check=False,
        timeout=60,
    )
    return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def acme(process: Process) -> Process:
    assert process.run("platforms", "create", "acme", "--name", "Größe €").code == 0
    return process


def test_commands_do_what_they_should_without_streams(acme: Process) -> None:
    assert shell(acme, "CONSOLE modules enable orders --yes >&- 2>&- <&-").code == 0
    assert acme.run("modules", "is-enabled", "orders").code == 0
    refused = shell(acme, "CONSOLE modules disable payments <&-")
    assert refused.code == 2, "there is nobody to ask"
    assert acme.run("modules", "is-enabled", "orders").code == 0


def test_a_reader_that_has_seen_enough_is_no_error(acme: Process) -> None:
    answer = shell(acme, "CONSOLE settings | head -n 1")
    assert answer.out.startswith("CONSOLE_DATA_DIR")
    assert answer.err == ""


def test_names_are_written_in_utf_8_whatever_the_system_speaks(acme: Process) -> None:
    given = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    assert "Größe €" in shell(acme, "CONSOLE platforms list", **given).out
    assert "Größe €" in shell(acme, "CONSOLE platforms list --json", **given).out


def test_words_that_are_no_text_are_refused(acme: Process) -> None:
    answer = shell(acme, """CONSOLE platforms create new --name "$(printf 'a\\377b')" --json""")
    assert answer.code == 2
    assert "is not UTF-8" in answer.json["error"]["message"]
