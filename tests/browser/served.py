"""A console of its own for browser tests: the real process tree, a fresh folder, people with passwords."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from console.app import create_app
from console.context import runtime
from console.domain.words import Role
from console.services import passwords, platforms, users, vendors
from console.storage.uow import read_session, unit_of_work
from console.testing.journeys import TESTER, switch
from tests.support.waiting import until

PASSWORD = "browser tests only 9183"
HASHED = passwords.hash(PASSWORD)


@dataclass(frozen=True, slots=True)
class Served:
    """A running console and an application on the same database for preparing and looking."""

    url: str
    data_dir: Path
    app: Flask

    def person(self, email: str, role: Role, *, platform: str | None = None, vendor: str | None = None) -> str:
        """The address of a new account with one role; its password is ``PASSWORD``."""
        with self.app.app_context():
            session = read_session()
            platform_id = platforms.by_slug(session, platform).id if platform else None
            vendor_id = vendors.by_slug(session, vendor).id if vendor else None
            with unit_of_work() as uow:
                users.create(
                    uow,
                    email,
                    role=role,
                    actor=TESTER,
                    now=runtime().clock(),
                    platform_id=platform_id,
                    vendor_id=vendor_id,
                    password=HASHED,
                )
        return email

    def switch(self, platform: str, code: str, *, on: bool) -> None:
        """Bring a module into the state that a test begins with, whatever ran before it."""
        with self.app.app_context():
            platform_id = platforms.by_slug(read_session(), platform).id
        switch(self.app, platform_id, code, on=on)


@contextmanager
def serve(data_dir: Path, **settings: str) -> Iterator[Served]:
    """A console that serves ``data_dir`` until the block ends; ``settings`` become ``CONSOLE_*`` variables."""
    port = _free_port()
    environment = {**os.environ, **{f"CONSOLE_{name}": value for name, value in settings.items()}}
    command = [sys.executable, "-m", "console", "serve", "--data-dir", str(data_dir), "--port", str(port)]
    log = (data_dir.parent / "serve.log").open("wb")
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    url = f"http://127.0.0.1:{port}"
    try:
        until(lambda: _answers(url) or process.poll() is not None, what=lambda: Path(log.name).read_text())
        assert process.poll() is None, Path(log.name).read_text()
        own = {name.lower(): value for name, value in settings.items()}
        yield Served(url, data_dir, create_app({**own, "data_dir": data_dir}))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
        log.close()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
