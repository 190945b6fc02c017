"""health and events: what modules said, and what was told to them."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from console.context import runtime
from console.domain.health import Report
from console.domain.words import HealthStatus
from console.services import health
from console.storage.uow import unit_of_work
from tests.cli.documents import HealthDocument
from tests.cli.shell import Process, Shell
from tests.support.bench import HOSTILE, QUICK
from tests.support.calls import VARIABLE


def report(shell: Shell, code: str, status: HealthStatus) -> None:
    with shell.app.app_context(), unit_of_work() as uow:
        health.store(uow, code, Report(status, "as stored", {"x": 1}), now=runtime().clock())


def test_health_is_the_last_report_of_each_module(shell: Shell) -> None:
    report(shell, "cms", HealthStatus.DEGRADED)
    found = {each.code: each for each in shell.document(HealthDocument, "modules", "health").modules}
    assert (found["cms"].status, found["cms"].message, found["cms"].details) == ("degraded", "as stored", {"x": 1})
    assert found["cms"].checked_at is not None
    assert (found["tenancy"].status, found["tenancy"].checked_at) == ("unknown", None)
    alone = shell.document(HealthDocument, "modules", "health", "cms").modules
    assert [each.code for each in alone] == ["cms"]


def test_on_a_platform_only_what_is_on_there_counts(shell: Shell) -> None:
    found = shell.document(HealthDocument, "modules", "health", "-p", "acme").modules
    assert {each.code for each in found} == {"tenancy", "cms"}


def test_unhealthy_is_exit_1(shell: Shell) -> None:
    report(shell, "cms", HealthStatus.UNHEALTHY)
    assert shell.run("modules", "health").code == 1
    assert shell.run("modules", "health", "tenancy").code == 0
    assert shell.run("modules", "health", "ordres").code == 3


@pytest.fixture
def listening(make_app: Callable[..., Flask], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A console with a module that listens to the events of others."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "calls"))
    shell = Shell(make_app(modules_path=[HOSTILE / "background"], **QUICK))
    assert shell.run("platforms", "create", "acme").code == 0
    assert shell.run("modules", "enable", "listener").code == 0
    return shell


def test_deliveries_are_listed_with_their_subscriber(listening: Shell) -> None:
    found = listening.json("modules", "events")["deliveries"]
    assert found
    assert {"id", "event", "module", "subscriber", "state", "attempts", "occurred_at"} <= set(found[0])
    assert any(each["event"] == "enabled" and each["module"] == "listener" for each in found)
    assert len(listening.run("modules", "events", "-p", "acme").rows) == len(found)


def test_following_prints_a_document_a_line_and_goes_on(listening: Shell, process: Process, tmp_path: Path) -> None:
    variables = {**process.variables, "CONSOLE_MODULES_PATH": str(HOSTILE / "background")}
    follower = Process(process.folder, variables).start("modules", "events", "--follow", "--json")
    assert follower.stdout is not None
    try:
        first = json.loads(follower.stdout.readline())
        assert first["schema"] == 1
        assert first["delivery"]["module"] == "listener"
        assert listening.run("modules", "disable", "listener").code == 0
        events = {first["delivery"]["event"]}
        while "disabled" not in events:
            events.add(json.loads(follower.stdout.readline())["delivery"]["event"])
    finally:
        follower.send_signal(signal.SIGINT)
        try:
            _, errors = follower.communicate(timeout=30)
        finally:
            follower.kill()
    assert follower.returncode == 1
    assert "Traceback" not in errors
