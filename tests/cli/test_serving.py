"""serve and worker: the options arrive, the processes stay and end cleanly."""

from __future__ import annotations

import signal
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.cli.documents import ErrorDocument
from tests.cli.shell import Process
from tests.support.waiting import until


def status_of(url: str) -> int:
    """The status of an answer; 0 while nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def read_until(running: subprocess.Popen[str], text: str) -> str:
    assert running.stdout is not None
    said = ""
    while text not in said:
        line = running.stdout.readline()
        assert line, said
        said += line
    return said


@pytest.fixture
def fresh(tmp_path: Path) -> Process:
    """Commands in an empty folder without any database."""
    return Process(tmp_path)


def test_serve_makes_its_database_says_where_it_is_and_ends_on_sigterm(fresh: Process, tmp_path: Path) -> None:
    running = fresh.start("serve", "--data-dir", "shop", "--host", "127.0.0.1", "--port", "0", "--workers", "1")
    try:
        said = read_until(running, "Create the first admin")
        address = next(word for word in said.split() if word.startswith("http://127.0.0.1:"))
        assert "/setup?token=" in said
        assert (tmp_path / "shop" / "console.db").is_file()
        until(lambda: status_of(f"{address}readyz") == 200)
        here = Process(tmp_path, {"CONSOLE_DATA_DIR": "shop"})
        link = here.run("setup-link").out.strip()
        assert link.startswith(address), "the address where it is served, not the one of the settings"
        assert status_of(link) == 200
        assert here.run("platforms", "create", "acme").code == 0
        assert here.run("modules", "enable", "orders", "--yes", "--json").json["operation"]["state"] == "succeeded"
    finally:
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=60)
    assert running.returncode == 0
    assert here.run("setup-link").out.startswith("http://127.0.0.1:8000/setup?token=")


def test_a_port_that_is_taken_is_exit_6(fresh: Process) -> None:
    running = fresh.start("serve", "--port", "0", "--no-worker", "--workers", "1")
    try:
        said = read_until(running, "Module Console is at")
        port = said.rstrip("/\n").rpartition(":")[2]
        answer = Process(fresh.folder, {"CONSOLE_DATA_DIR": "other"}).run("serve", "--port", port, "--json")
        assert answer.document(ErrorDocument, code=6).error.hint == "Choose another --port."
    finally:
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=60)


def test_a_worker_runs_what_no_wait_left(process: Process) -> None:
    assert process.run("platforms", "create", "acme").code == 0
    accepted = process.run("modules", "enable", "orders", "--yes", "--no-wait", "--json").json["operation"]
    assert accepted["state"] in ("queued", "running")
    running = process.start("worker")
    try:
        until(lambda: process.run("modules", "is-enabled", "orders").code == 0)
    finally:
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=60)
    assert running.returncode == 0


def test_a_setting_that_cannot_be_used_is_refused(fresh: Process) -> None:
    assert fresh.run("serve", "--port", "99999").code == 2
    broken = Process(fresh.folder, {"CONSOLE_WORKERS": "many"})
    assert broken.run("serve", "--json").document(ErrorDocument, code=6).error.code == "settings_invalid"


def test_the_first_admin_may_come_from_the_settings(fresh: Process, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("seven plain words\n")
    half = Process(tmp_path, {"CONSOLE_ADMIN_EMAIL": "root@example.com"})
    refused = half.run("serve", "--port", "0")
    assert refused.code == 6
    assert "CONSOLE_ADMIN_EMAIL and CONSOLE_ADMIN_PASSWORD_FILE go together" in refused.err
    whole = Process(tmp_path, {**half.variables, "CONSOLE_ADMIN_PASSWORD_FILE": "password"})
    running = whole.start("serve", "--port", "0", "--workers", "1", "--no-worker")
    try:
        read_until(running, "Module Console is at")
        (user,) = whole.run("users", "list", "--json").json["users"]
        assert (user["email"], user["has_password"]) == ("root@example.com", True)
    finally:
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=60)
