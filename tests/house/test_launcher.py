"""The launcher `run`: its pieces in this process, and the whole of it in small checkouts made for the purpose."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def run() -> ModuleType:
    loader = importlib.machinery.SourceFileLoader("console_launcher", str(ROOT / "run"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    launcher = importlib.util.module_from_spec(spec)
    loader.exec_module(launcher)
    return launcher


def script(path: Path, body: str) -> Path:
    """An executable shell script at `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    return path


@pytest.fixture
def checkout(tmp_path: Path, run: ModuleType) -> Path:
    """A checkout whose `.venv` is up to date, with a Python that only says how it was called."""
    root = tmp_path / "checkout"
    root.mkdir()
    shutil.copy(ROOT / "run", root / "run")
    (root / "pyproject.toml").write_text("[project]\n")
    script(root / ".venv/bin/python", 'echo "$CONSOLE_DATA_DIR" "demo=$CONSOLE_DEMO" "$@"')
    (root / ".venv/.console-stamp").write_text(f"{run.stamp_of(root)} dev\n")
    return root


def called(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("CONSOLE_")}
    command = [sys.executable, str(root / "run"), *words]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def test_it_needs_nothing_but_the_standard_library_to_say_its_words() -> None:
    answer = subprocess.run(
        [sys.executable, "-I", "-S", ROOT / "run", "help"], capture_output=True, text=True, check=True
    )
    for word in ("test", "lint", "types", "fmt", "bench", "sweep", "torture", "screenshots", "help"):
        assert f"./run {word}" in answer.stdout


def test_every_word_is_in_the_help(run: ModuleType) -> None:
    assert all(f"./run {word}" in str(run.__doc__) for word in run.WORDS if not word.startswith("-"))


def test_it_is_executable() -> None:
    assert os.access(ROOT / "run", os.X_OK)
    assert os.access(ROOT / ".ci/run", os.X_OK)


def test_alone_it_serves_the_data_of_the_checkout_with_the_demo(checkout: Path) -> None:
    answer = called(checkout)
    assert answer.stdout.split() == [str(checkout / "data"), "demo=1", "-m", "console", "serve"]


def test_options_alone_belong_to_serve(checkout: Path) -> None:
    answer = called(checkout, "--port", "81")
    assert answer.stdout.split()[2:] == ["-m", "console", "serve", "--port", "81"]


def test_any_other_word_goes_to_the_command_line(checkout: Path) -> None:
    answer = called(checkout, "modules", "enable", "orders")
    assert answer.stdout.split() == [str(checkout / "data"), "demo=", "-m", "console", "modules", "enable", "orders"]


def test_arguments_of_test_select_tests(checkout: Path) -> None:
    answer = called(checkout, "test", "tests/unit", "-k", "plan")
    assert answer.stdout.split()[-5:] == ["-m", "pytest", "tests/unit", "-k", "plan"]


def test_a_step_that_fails_is_named_and_the_others_still_run(run: ModuleType, checkout: Path) -> None:
    script(checkout / ".venv/bin/python", f'echo "$1" >> {checkout}/log; [ "$1" != bad ]')
    assert run.run_steps(checkout, [("first", ["bad"]), ("second", ["good"])]) == 1
    assert (checkout / "log").read_text().split() == ["bad", "good"]
    assert run.run_steps(checkout, [("second", ["good"])]) == 0


def test_an_installation_is_out_of_date_when_the_dependencies_change(run: ModuleType, checkout: Path) -> None:
    assert run.is_installed(checkout, dev=True)
    (checkout / "pyproject.toml").write_text("[project]\ndependencies = ['more']\n")
    assert not run.is_installed(checkout, dev=False)


def test_an_installation_is_out_of_date_when_the_checkout_moved(
    run: ModuleType, checkout: Path, tmp_path: Path
) -> None:
    moved = checkout.rename(tmp_path / "elsewhere")
    assert not run.is_installed(moved, dev=False)


def test_an_installation_without_the_development_tools_is_enough_to_serve(run: ModuleType, checkout: Path) -> None:
    (checkout / ".venv/.console-stamp").write_text(f"{run.stamp_of(checkout)} \n")
    assert run.is_installed(checkout, dev=False)
    assert not run.is_installed(checkout, dev=True)


def test_an_installation_whose_python_is_gone_is_none(run: ModuleType, checkout: Path) -> None:
    (checkout / ".venv/bin/python").unlink()
    (checkout / ".venv/bin/python").symlink_to(checkout / "no-such-python")
    assert not run.is_installed(checkout, dev=False)


def test_a_half_made_environment_is_made_anew(run: ModuleType, tmp_path: Path) -> None:
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").symlink_to(tmp_path / "no-such-python")
    run.make_venv(tmp_path)
    assert run.starts(run.python_of(tmp_path), "import pip")


def test_a_python_without_ensurepip_gets_one_line_with_the_package(
    run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(run.Stop) as stop:
        run.make_venv(tmp_path)
    assert f"apt-get install python3.{sys.version_info.minor}-venv" in str(stop.value)
    assert "\n" not in str(stop.value)


def test_a_failing_pip_leaves_no_stamp(run: ModuleType, checkout: Path) -> None:
    script(checkout / ".venv/bin/python", "exit 1")
    (checkout / ".venv/.console-stamp").unlink()
    with pytest.raises(run.Stop):
        run.install(checkout, dev=False)
    assert not (checkout / ".venv/.console-stamp").exists()


def test_a_checkout_of_somebody_else_is_said_in_one_line(run: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(run.Stop, match="Cannot write"), run.locked(tmp_path / "missing" / "lock"):
        pass


def test_an_old_python_goes_on_in_a_newer_one(run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    newer = script(tmp_path / "python3.13", "true")
    monkeypatch.setenv("PATH", str(tmp_path))
    became: list[str] = []
    monkeypatch.setattr(run.os, "execv", lambda path, arguments: became.append(path))
    run.require_python((3, 9))
    assert became == [str(newer)]


def test_an_old_python_alone_is_refused(run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(run.Stop, match=r"3\.11 or newer; this is 3\.9"):
        run.require_python((3, 9))


@pytest.fixture
def no_tools(run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty PATH, and no PostgreSQL in Debian's place."""
    monkeypatch.setattr(run, "POSTGRES", str(tmp_path / "nothing/*"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path / "bin"


def test_missing_tools_are_named_with_the_exact_command(run: ModuleType, no_tools: Path) -> None:
    script(no_tools / "apt-get", "exit 1")
    with pytest.raises(run.Stop) as stop:
        run.ensure_tools(root_user=False)
    assert "sudo apt-get install --yes chromium postgresql" in str(stop.value)


def test_elsewhere_the_packages_have_their_own_names(run: ModuleType, no_tools: Path) -> None:
    script(no_tools / "dnf", "exit 1")
    with pytest.raises(run.Stop, match="sudo dnf install --assumeyes chromium postgresql-server"):
        run.ensure_tools(root_user=True)


def test_as_root_on_debian_what_is_missing_is_installed(run: ModuleType, no_tools: Path) -> None:
    script(no_tools / "chromium", "true")
    log = no_tools / "log"
    script(no_tools / "apt-get", f'echo "$@" >> {log}')
    run.ensure_tools(root_user=True)
    assert [line.split()[0] for line in log.read_text().splitlines()] == ["update", "install"]
    assert "postgresql" in log.read_text()
    assert "chromium" not in log.read_text()


def test_the_last_line_of_ci_is_how_pytest_closed(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/run", tmp_path / ".ci/run")
    closing = "=========== 3 passed, 1 failed in 71.20s (0:01:11) ==========="
    script(tmp_path / "run", f'echo "{closing}"; echo "Failed: types" >&2; exit 1')
    answer = subprocess.run([tmp_path / ".ci/run"], capture_output=True, text=True, check=False)
    assert answer.stdout.splitlines()[-1] == closing
    assert answer.returncode == 1


def test_what_its_words_start_is_there(run: ModuleType) -> None:
    assert (ROOT / "benchmarks/__main__.py").is_file()
    assert (ROOT / "tests/torture/__main__.py").is_file()
    assert (ROOT / "tests/browser/screenshots.py").is_file()
    assert all((ROOT / words[-1]).is_file() for name, words in [run.TEMPLATES])
