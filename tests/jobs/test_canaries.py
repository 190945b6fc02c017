"""Secrets that come in by every road, searched for everywhere: they are sealed, masked, or not there."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from console.domain.words import Role
from console.services.migrations import exclusive
from console.storage.base import db
from console.testing.journeys import make_platform
from console.testing.people import Program, Visitor, log_in, program
from tests.cli.shell import Process, Shell
from tests.conftest import MakeApp
from tests.support.bench import HOSTILE
from tests.support.tree import ADDRESS, Tree, started_command

ROADS = ("page", "api", "stdin", "file", "toml", "env", "refused")
MODULE = """
from pydantic import BaseModel, Field, SecretStr

from console.sdk import ModuleDefinition, ModuleEvent, ModuleEventData, db, module_event_bus, module_service


class Room(BaseModel):
    by_page: SecretStr = SecretStr("")
    by_api: SecretStr = SecretStr("")
    by_stdin: SecretStr = SecretStr("")
    by_file: SecretStr = SecretStr("")
    by_toml: SecretStr = SecretStr("")
    by_env: SecretStr = SecretStr("")
    tries: int = Field(default=3, ge=1)


def blurt(platform_id: int) -> None:
    held = module_service.get_module_config(db, platform_id, "strongroom")
    raise RuntimeError(f"cannot open with {[value.get_secret_value() for value in list(held.values())[:6]]}")


@module_event_bus.subscribe(ModuleEvent.CONFIG_CHANGED)
def hear(event: ModuleEventData) -> None:
    blurt(event.platform_id)


module = ModuleDefinition(code="strongroom", name="Strongroom", config_schema=Room, on_disable=blurt)
"""
PAGES = ("modules/strongroom", "modules/strongroom/config", "modules/strongroom/history", "operations", "audit", "")
EXPORTS = ("/admin/acme/audit/export.csv", "/admin/acme/audit/export.json")
API = ("modules/strongroom/config", "modules/strongroom/config/history", "modules/strongroom", "audit", "operations")
COMMANDS = (
    *("modules config list strongroom -p acme --json", "modules events -p acme --json"),
    *("audit export --json", "settings --json"),
)

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("database_kind", ["postgres"], indirect=True)


@dataclass
class House:
    """A served console with a module that has a secret for each road, and everything that was said by it."""

    app: Flask
    tree: Tree
    data_dir: Path
    admin: Visitor
    client: Program
    process: Process
    canaries: dict[str, str]
    said: dict[str, bytes] = field(default_factory=dict)

    def ask(self, path: str, method: str = "GET", *, body: bytes | None = None, **headers: str) -> None:
        """Keep what the console answers, whatever it is."""
        request = urllib.request.Request(self.tree.said(ADDRESS) + path, body, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                self.said[f"{method} {path}"] = answer.read()
        except urllib.error.HTTPError as error:
            with error:
                self.said[f"{method} {path} {error.code}"] = error.read()

    def page(self, path: str, **fields: str) -> None:
        """A page of the browser, or the answer to a form that it sends."""
        cookie = self.admin.client.get_cookie("console")
        assert cookie is not None
        form = urllib.parse.urlencode({"csrf_token": self.admin.csrf, **fields}).encode() if fields else None
        self.ask(path, "POST" if fields else "GET", body=form, Cookie=f"console={cookie.value}")

    def call(self, path: str, values: Mapping[str, object] | None = None) -> None:
        """What the API answers."""
        body = None if values is None else json.dumps({"values": values}).encode()
        headers = {**self.client.headers, "Content-Type": "application/json"}
        self.ask(f"/api/admin/{path}", "GET" if values is None else "PATCH", body=body, **headers)

    def type(self, words: str, typed: str = "") -> None:
        """What a command says."""
        answer = self.process.run(*words.split(), typed=typed)
        self.said[words] = (answer.out + answer.err).encode()

    def look_at_processes(self, moment: str) -> None:
        """Arguments and environment of everything that runs."""
        for pid in self.tree.processes():
            for kind in ("cmdline", "environ"):
                self.said[f"{kind} of {pid} {moment}"] = Path(f"/proc/{pid}/{kind}").read_bytes()

    def files(self) -> dict[str, bytes]:
        """Everything in the data folder but the file by which the operator gave a secret."""
        found = [path for path in self.data_dir.rglob("*") if path.is_file() and path.name != "console.toml"]
        return {path.name: path.read_bytes() for path in found}

    def hits(self, word: str) -> list[str]:
        """Where ``word`` is."""
        everything = {**self.said, **self.files(), "log": self.tree.text().encode()}
        return [place for place, text in everything.items() if word.encode() in text]


@pytest.fixture
def house(make_app: MakeApp, data_dir: Path, database_url: str, tmp_path: Path) -> Iterator[House]:
    canaries = {road: f"canary{road}{secrets.token_hex(8)}" for road in ROADS}
    module = tmp_path / "modules" / "strongroom"
    module.mkdir(parents=True)
    (module / "__init__.py").touch()
    (module / "definition.py").write_text(MODULE)
    app = make_app(modules_path=[module.parent])
    acme = make_platform(app, "acme", "Acme")
    assert Shell(app).run("modules", "enable", "strongroom", "--yes").code == 0
    admin, client = log_in(app, Role.INSTANCE_ADMIN), program(app, platform=acme)
    (data_dir / "console.toml").write_text(f'[modules.strongroom]\nby_toml = "{canaries["toml"]}"\n')
    settings = {"data_dir": data_dir, "database_url": database_url, "modules_path": module.parent, "hook_attempts": 1}
    settings |= {"insecure_http": "true", "module__strongroom__by_env": canaries["env"], "log_level": "DEBUG"}
    variables = {f"CONSOLE_{name.upper()}": str(value) for name, value in settings.items()}
    command = [sys.executable, "-m", "console", "serve", "--port", "0"]
    with started_command(command, tmp_path / "output", **settings) as tree:
        tree.said(ADDRESS)
        yield House(app, tree, data_dir, admin, client, Process(tmp_path, variables), canaries)
        with app.app_context():
            db.engine.dispose()


def plant(house: House, folder: Path) -> None:
    """Each secret by its road; then a hook that raises with all of them."""
    canaries, form = house.canaries, "/admin/acme/modules/strongroom/config"
    house.page(form, revision="0", c_by_page=canaries["page"], note="controlnote")
    house.page(form, revision="1", c_by_page=canaries["refused"], c_tries="0")
    house.call("modules/strongroom/config", {"by_api": canaries["api"]})
    house.call("modules/strongroom/config", {"by_api": canaries["refused"], "tries": 0})
    house.type("modules config set strongroom -p acme by_stdin=-", canaries["stdin"])
    (folder / "word").write_text(canaries["file"])
    house.type(f"modules config set strongroom -p acme by_file=@{folder / 'word'}")
    house.look_at_processes("after planting")
    house.type("modules disable strongroom -p acme --yes --json")
    house.look_at_processes("after the hook")


def look_everywhere(house: House) -> None:
    """Every page, document, export and command that could tell one."""
    for path in (*(f"/admin/acme/{page}" for page in PAGES), *EXPORTS, "/instance/settings", "/instance/audit"):
        house.page(path)
    for number in (1, 2, 3):
        house.page(f"/admin/acme/operations/{number}")
    for path in API:
        house.call(path)
    for words in COMMANDS:
        house.type(words)


@on_sqlite
def test_no_secret_is_anywhere_in_the_clear(house: House, tmp_path: Path) -> None:
    plant(house, tmp_path)
    look_everywhere(house)
    with house.app.app_context():
        exclusive.back_up(db.engine, house.data_dir / "backups", datetime(2026, 3, 1, tzinfo=UTC), pending=["x"])
    house.type("backup create --json")
    house.type("backup verify --json")
    assert b'"holds": true' in house.said["backup verify --json"]
    (copy,) = (house.data_dir / "backups").glob("console-*.db")
    house.type(f"backup restore {copy} --reason x --yes")
    assert (
        b"`serve`, `worker` or another restore runs on this data folder"
        in house.said[f"backup restore {copy} --reason x --yes"]
    )
    found = {road: house.hits(word) for road, word in house.canaries.items()}
    found["env"] = [place for place in found["env"] if not place.startswith("environ of ")]  # the operator put it there
    assert found == {road: [] for road in ROADS}
    saved = " ".join(house.hits("controlnote"))  # what is no secret is found by the same search
    for place in (
        "console.db",
        "before-upgrade",
        "console-2",
        "audit/export.csv",
        "GET /admin/acme/audit",
        "/history",
        "audit export",
    ):
        assert place in saved
    assert any(place.endswith("config 422") for place in house.said)
    told = house.hits("cannot open with [")
    assert "GET /admin/acme/operations/3" in told
    assert any(place.startswith("console.db") for place in told)
    assert house.hits("CONSOLE_DATA_DIR")
    assert house.hits("serve\0--port")


@on_postgres
def test_no_secret_is_in_a_dump_in_the_clear(make_app: MakeApp, data_dir: Path) -> None:
    """The format is packed, so what is searched is the dump as statements."""
    word, note = (f"canary{secrets.token_hex(8)}" for _ in range(2))
    shell = Shell(make_app(modules_path=[HOSTILE / "cli"]))
    make_platform(shell.app, "acme", "Acme")
    words = ("modules", "config", "set", "vault", "-p", "acme", "api_key=-", "--note", note)
    assert shell.run(*words, typed=word).code == 0
    answer = shell.run("backup", "create", "--json")
    path = Path(answer.json["backup"]["path"])
    done = subprocess.run(["pg_restore", "--file=-", str(path)], capture_output=True, text=True, check=True)
    key = (data_dir / "secret.key").read_text().split()[1]
    manifest = path.with_name(f"{path.name}.json").read_text()
    for secret in (word, key):
        assert secret not in done.stdout + manifest + answer.out + answer.err
    assert note in done.stdout
