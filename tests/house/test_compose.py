"""``compose.yaml`` says nothing that the product does not know: its commands, settings, volumes and secrets exist."""

from __future__ import annotations

from dataclasses import fields
from typing import cast

import click
import pytest
import yaml

from console.cli.groups import console_group
from console.settings import Settings
from tests.house.sources import ROOT

Service = dict[str, object]
FILE = cast("dict[str, dict[str, Service]]", yaml.safe_load((ROOT / "compose.yaml").read_text()))
SERVICES = FILE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "module-console"}


def test_there_are_two_webs_two_workers_and_one_that_migrates() -> None:
    commands = sorted(" ".join(cast("list[str]", service["command"])) for service in OURS.values())
    assert commands == ["db upgrade", "serve --no-worker", "serve --no-worker", "worker", "worker"]


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_service_runs_a_command_that_exists(name: str) -> None:
    command: click.Command = console_group
    context = click.Context(command)
    for word in cast("list[str]", OURS[name]["command"]):
        if word.startswith("-"):
            options = {option for param in command.params for option in (*param.opts, *param.secondary_opts)}
            assert word in options
        else:
            assert isinstance(command, click.Group)
            found = command.get_command(context, word)
            assert found is not None, word
            command = found


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_service_sets_what_is_a_setting(name: str) -> None:
    known = {f"CONSOLE_{field.name.upper()}" for field in fields(Settings)}
    names = cast("dict[str, str]", OURS[name]["environment"])
    assert {each for each in names if each not in known and each.removesuffix("_FILE") not in known} == set()
    assert (names["CONSOLE_DATABASE_URL_FILE"], names["CONSOLE_SECRET_KEY_FILE"]) == (
        "/run/secrets/database_url",
        "/shared/secret.key",
    )


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_what_a_service_uses_is_declared(name: str) -> None:
    service = SERVICES[name]
    volumes = {str(each).partition(":")[0] for each in cast("list[str]", service["volumes"])}
    assert volumes <= set(FILE["volumes"])
    assert set(cast("list[str]", service["secrets"])) <= set(FILE["secrets"])
    assert set(cast("Service", service.get("depends_on", {}))) <= set(SERVICES)


def test_each_web_has_a_port_and_a_health_check_of_its_own() -> None:
    webs = [service for service in OURS.values() if service["command"] == ["serve", "--no-worker"]]
    assert len({str(service["ports"]) for service in webs}) == len(webs)
    assert all("/readyz" in str(service["healthcheck"]) for service in webs)
