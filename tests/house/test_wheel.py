"""The wheel, installed in an environment of its own and used outside the checkout."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import sysconfig
import urllib.error
import urllib.request
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.house.sources import ROOT
from tests.support.waiting import until

ANSWER_WITHIN_S = 60


@dataclass(frozen=True, slots=True)
class Installed:
    """An installation, with an empty folder to stand in and a data folder of its own."""

    python: Path
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("CONSOLE_", "PYTHON"))}
        return {**kept, "CONSOLE_DATA_DIR": str(self.folder / "data"), "HOME": str(self.folder)}

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """One command, as a script would call it."""
        return subprocess.run(
            [self.python.with_name("module-console"), *words],
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            check=False,
        )

    def json(self, *words: str) -> dict[str, Any]:
        """The document of a command that must succeed."""
        answer = self.run(*words, "--json")
        assert answer.returncode == 0, answer.stderr + answer.stdout
        document: dict[str, Any] = json.loads(answer.stdout)
        assert document["schema"] == 1
        return document


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel in a new environment; only its dependencies are borrowed from this one, to need no network."""
    folder = tmp_path_factory.mktemp("elsewhere")
    environment = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    python = environment / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--no-index", str(wheel)], check=True)
    (site,) = environment.glob("lib/python*/site-packages")
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return Installed(python, folder)


def test_it_holds_the_data_folders_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for needed in (
        "console/_data/templates/layouts/base.html",
        "console/_data/static/console.css",
        "console/_data/migrations/env.py",
        "modules/cms/locales/fr.json",
        "modules/cms/migrations/versions/cms_001_create_content_pages.py",
    ):
        assert needed in names
    assert [name for name in names if "/tests/" in name or name.startswith(("tests", "static", "templates"))] == []
    assert any(name.startswith("modules/cms/templates/") for name in names)


def test_what_runs_is_the_wheel(installed: Installed) -> None:
    code = "import console, modules; print(console.__file__, modules.__file__)"
    command = [str(installed.python), "-c", code]
    answer = subprocess.run(
        command, capture_output=True, text=True, cwd=installed.folder, env=installed.environment, check=True
    )
    assert str(ROOT) not in answer.stdout


def test_a_platform_gets_orders_and_loses_them_with_payments(installed: Installed) -> None:
    """The main job by command line only, outside the checkout."""
    installed.json("db", "upgrade")
    installed.json("platforms", "create", "acme", "--name", "Acme")

    enabled = installed.json("modules", "enable", "orders", "-p", "acme", "--yes")["operation"]
    assert enabled["state"] == "succeeded"
    steps = [(step["module"], step["reason"], step["state"]) for step in enabled["steps"]]
    assert steps == [("payments", "required_by:orders", "succeeded"), ("orders", "requested", "succeeded")]
    assert installed.run("modules", "is-enabled", "orders", "-p", "acme").returncode == 0

    assert installed.json("modules", "enable", "orders", "-p", "acme")["operation"] is None

    disabled = installed.json("modules", "disable", "payments", "-p", "acme", "--yes")["operation"]
    assert [step["module"] for step in disabled["steps"]] == ["orders", "payments"]
    assert installed.run("modules", "is-enabled", "orders", "-p", "acme").returncode == 1
    states = {row["code"]: row["state"] for row in installed.json("modules", "list", "-p", "acme")["modules"]}
    assert (states["orders"], states["payments"], states["cms"]) == ("disabled", "disabled", "enabled")


def test_flask_knows_the_commands_without_an_app(installed: Installed) -> None:
    environment = {**installed.environment, "CONSOLE_DATA_DIR": str(installed.folder / "by-flask")}
    for words, said in (("db upgrade", "cms_002"), ("modules graph --format json", '"payments"')):
        answer = subprocess.run(
            [str(installed.python), "-m", "flask", *words.split()],
            capture_output=True,
            text=True,
            cwd=installed.folder,
            env=environment,
            check=False,
        )
        assert answer.returncode == 0, answer.stderr
        assert said in answer.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def fetched(url: str) -> tuple[int, str]:
    """Status and body; 0 while nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""
    except OSError:
        return 0, ""


def test_it_serves_its_pages_and_stops_cleanly(installed: Installed) -> None:
    port = free_port()
    said = (installed.folder / "serve.log").read_text
    command = [str(installed.python.with_name("module-console")), "serve", "--port", str(port)]
    with (installed.folder / "serve.log").open("w") as log:
        server = subprocess.Popen(
            command, cwd=installed.folder, env=installed.environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        address = f"http://127.0.0.1:{port}/readyz"
        until(lambda: server.poll() is not None or fetched(address)[0] == 200, within_s=ANSWER_WITHIN_S, what=said)
        assert server.poll() is None, said()
        status, page = fetched(f"http://127.0.0.1:{port}/login")
        assert status == 200
        sheet = next(part.split('"')[0] for part in page.split('href="') if ".css" in part.split('"')[0])
        assert fetched(f"http://127.0.0.1:{port}{sheet}")[0] == 200
    finally:
        server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=ANSWER_WITHIN_S) == 0, said()
