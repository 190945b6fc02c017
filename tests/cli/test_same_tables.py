"""Page, command line and API are three doors to one room: the same journey leaves the same rows behind each."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from flask import Flask
from pydantic_core import to_json
from sqlalchemy import Table, select

from console.app import create_app
from console.domain.step_log import LineLevel
from console.domain.words import DeliveryState
from console.services.views import PlatformView
from console.storage.base import Base
from console.storage.tables import Delivery, TaskRun
from console.storage.tenancy import system_scope
from console.storage.types import UTCDateTime
from console.storage.uow import read_session
from console.testing.journeys import drained, is_on, make_platform, make_vendor, settle
from console.testing.people import log_in, program
from tests.cli.shell import Shell
from tests.support.bench import QUICK
from tests.support.databases import Template, close
from tests.support.postgres import Server
from tests.web.html import hidden_fields

Road = Callable[[Flask, PlatformView], None]
Rows = dict[str, Counter[str]]

WAKE_UPS = {
    "huey_queue",
    "huey_schedule",
    "huey_kv",
    "runners",
    "instance_meta",
}  # who ran it, and when; the truth is elsewhere
LOGINS = {"sessions", "tokens"}  # how somebody got in
SEALS = {"audit_chains"}  # where the chains of the audit end: a seal over who did it, and when
MAY_DIFFER = {"id", "request_id", "actor", "source", "worker", "place", "previous", "seal", "count_seal"}


def by_page(app: Flask, platform: PlatformView) -> None:
    admin = log_in(app, "platform-admin", platform=platform)
    start = f"/admin/{platform.slug}/modules"

    def switch(code: str, *, on: bool) -> None:
        path = f"{start}/{code}/{'enable' if on else 'disable'}"
        answer = admin.post(path, hidden_fields(admin.get(path), path))
        assert answer.status_code == 303, answer.text
        follow(app, platform)

    switch("orders", on=True)
    saved = admin.post(f"{start}/payments/config", {"revision": "0", "c_max_methods_per_vendor": "5", "note": "less"})
    assert saved.status_code == 303, saved.text
    switch("payments", on=False)
    switch("orders", on=True)


def by_command_line(app: Flask, platform: PlatformView) -> None:
    shell = Shell(app)
    for words in (
        ("enable", "orders", "--yes"),
        ("config", "set", "payments", "max_methods_per_vendor=5", "--note", "less"),
        ("disable", "payments", "--yes"),
        ("enable", "orders", "--yes"),
    ):
        answer = shell.run("modules", *words, "-p", platform.slug)
        assert answer.code == 0, answer.err


def by_api(app: Flask, platform: PlatformView) -> None:
    client = program(app, platform=platform)

    def switch(code: str, want: str) -> None:
        plan = client.send("GET", f"/api/admin/modules/{code}/plan?want={want}").get_json()
        answer = client.send("PUT", f"/api/admin/modules/{code}", {"want": want, "plan": plan["digest"]})
        assert answer.status_code in (200, 202), answer.text
        follow(app, platform)

    switch("orders", "on")
    change = {"values": {"max_methods_per_vendor": 5}, "note": "less"}
    assert client.send("PATCH", "/api/admin/modules/payments/config", change).status_code == 200
    switch("payments", "off")
    switch("orders", "on")


ROADS: dict[str, Road] = {"page": by_page, "command line": by_command_line, "API": by_api}


def follow(app: Flask, platform: PlatformView) -> None:
    """Run what the newest request has left to do."""
    newest = Shell(app).json("modules", "operations", "-p", platform.slug)["operations"][0]
    settle(app, platform.id, int(newest["id"]))


@pytest.fixture(params=["sqlite", "postgres"])
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def new_app(request: pytest.FixtureRequest, database_kind: str, tmp_path: Path) -> Iterator[Callable[[str], Flask]]:
    """Makes consoles, each on a migrated database of its own."""
    with ExitStack() as stack:

        def make(name: str) -> Flask:
            folder = tmp_path / name
            folder.mkdir()
            if database_kind == "sqlite":
                template: Template = request.getfixturevalue("template")
                with closing(sqlite3.connect(template.file)) as source:
                    source.execute("VACUUM INTO ?", (str(folder / "console.db"),))
                url = f"sqlite:///{folder / 'console.db'}"
            else:
                server: Server = request.getfixturevalue("postgres")
                template, original = request.getfixturevalue("postgres_template")
                database = server.create(original)
                stack.callback(server.drop, database)
                url = server.url(database)
            shutil.copy(template.key, folder / "secret.key")
            app = create_app({**QUICK, "data_dir": folder, "database_url": url, "insecure_http": True})
            stack.callback(close, app)
            return app

        yield make


def test_page_command_line_and_api_leave_equal_tables(new_app: Callable[[str], Flask]) -> None:
    left = {}
    for name, road in ROADS.items():
        app = new_app(name)
        platform = make_platform(app, "acme", "Acme")
        make_vendor(app, platform, "blue", "Blue")
        before = rows_of(app)
        road(app, platform)
        assert drained(app, platform.id, everything_told)
        assert is_on(app, platform.id, "orders")
        after = rows_of(app)
        left[name] = {table: (after[table] - before[table], before[table] - after[table]) for table in after}
    first, *others = ROADS
    touched = {table for table, (came, went) in left[first].items() if came or went}
    assert {"module_states", "operations", "operation_steps", "audit_entries", "module_configs"} <= touched
    for other in others:
        for table in left[first]:
            assert left[other][table] == left[first][table], f"{table}: by {other} and by {first}"


def everything_told() -> bool:
    """Whether every event is delivered and every task has run."""
    ends = (DeliveryState.SUCCEEDED, DeliveryState.SKIPPED, DeliveryState.FAILED)
    with system_scope():
        open_states = [
            *read_session().scalars(select(Delivery.state).where(Delivery.state.not_in(ends))),
            *read_session().scalars(select(TaskRun.state).where(TaskRun.state.not_in(ends))),
        ]
    return not open_states


def rows_of(app: Flask) -> Rows:
    """Table → its rows as texts, without what may differ; people who log in are no part of the journey."""
    with app.app_context(), system_scope():
        tables = [table for table in Base.metadata.sorted_tables if table.name not in WAKE_UPS | LOGINS | SEALS]
        return {table.name: Counter(_rows(table)) for table in tables if table.name not in PEOPLE}


PEOPLE = {"users", "memberships"}


def _rows(table: Table) -> Iterator[str]:
    kept = [
        column for column in table.columns if column.name not in MAY_DIFFER and not isinstance(column.type, UTCDateTime)
    ]
    for row in read_session().execute(select(*kept)).mappings():
        if not str(row.get("action", "")).startswith(("users.", "tokens.", "sessions.", "logins.")):
            values = {column.name: row[column] for column in kept}
            if values.get("level") == LineLevel.STARTED:
                values["text"] = ""  # the worker's name
            yield to_json(values).decode()
