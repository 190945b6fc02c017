"""A console to torture: a database with platforms and a token for each, and where its processes find everything."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from console.app import create_app
from console.domain.actor import SYSTEM
from console.services import migrations, platforms, tokens
from console.storage.uow import unit_of_work
from tests.support.databases import close
from tests.torture.api import Api
from tests.torture.scenario import Ground

LEASE_S = 2.0
SETTINGS: Mapping[str, object] = {
    "insecure_http": "true",
    "workers": 2,
    "runners": 3,
    "hook_timeout_s": 1.0,
    "hook_attempts": 6,
    "retry_base_s": 0.02,
    "retry_max_s": 0.1,
    "lease_s": LEASE_S,
    "heartbeat_s": 0.4,
    "poll_s": 0.2,
    "health_every_s": 3600.0,
    "busy_timeout_s": 20.0,
}
"""Short deadlines, so that hangs and deaths cost little; more tries than a run can kill."""


@dataclass(frozen=True, slots=True)
class Stage:
    """The console before its processes start.

    Args:
        settings: For the environment of every process.
        apis: Platform id → a client with its token.
        app: For looking into the database; it serves nothing.
    """

    folder: Path
    settings: Mapping[str, object]
    apis: Mapping[int, Api]
    app: Flask


@contextmanager
def staged(ground: Ground, slugs: Sequence[str]) -> Iterator[Stage]:
    """The stage on the ground's database; only its processes have the modules that stand in the ground's folder."""
    port = _free_port()
    where: dict[str, object] = {
        "data_dir": ground.folder / "data",
        "database_url": ground.new_database(),
        "port": port,
    }
    app = create_app({**where, **SETTINGS})
    try:
        failed = [report for report in migrations.upgrade(app) if report.error is not None]
        assert failed == []
        apis = dict(_platform(app, slug, port=port) for slug in slugs)
        yield Stage(ground.folder, {**where, **SETTINGS, "modules_path": ground.folder / "modules"}, apis, app)
    finally:
        close(app)


def _platform(app: Flask, slug: str, *, port: int) -> tuple[int, Api]:
    rt = app.extensions["console"]
    with app.app_context(), unit_of_work() as uow:
        platform = platforms.create(uow, rt, slug, slug.title(), actor=SYSTEM, now=rt.clock())
        _, secret = tokens.create(
            uow, f"torture {slug}", expires_days=1, actor=SYSTEM, now=rt.clock(), platform_id=platform.id
        )
    return platform.id, Api(f"http://127.0.0.1:{port}", secret)


def _free_port() -> int:
    """A port that nobody has; it stays the console's through all its restarts."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
