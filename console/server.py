"""The process tree of ``serve``: a small parent, the web server and the runners.

The parent binds the address, has the database brought up to date in a child, and forks web and runners; it opens no
database itself. Everything ends with SIGTERM, and nothing survives the parent.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from console import logs, webserver
from console.app import create_app
from console.domain.config_names import misnamed_platforms
from console.errors import SettingsError
from console.jobs import consumer
from console.jobs.board import Board
from console.jobs.liveness import alive
from console.jobs.process import die_with_parent, end_on_sigterm, hear_signals
from console.jobs.state import runtime_of
from console.jobs.tree import Child, fork, supervise
from console.services import demo, migrations, passwords, platforms, reconcile, schema, setup
from console.services.passwords import PasswordHash
from console.services.runtime import Runtime
from console.services.secrets import check_key
from console.settings import Settings, load_settings
from console.storage.base import db
from console.storage.occupied import occupy
from console.storage.uow import read_session, unit_of_work

if TYPE_CHECKING:
    from flask import Flask

log = logging.getLogger("console.server")
_SCHEMA_LOOK_S = 0.5
_OTHERS_LOOK_S = 1.0


def serve(settings: Settings, *, with_worker: bool = True) -> int:
    """Run the console until SIGTERM; the exit code.

    Args:
        with_worker: False runs the web server alone; module code then waits for a ``worker``.
    """
    logs.to_stderr(settings)
    end_on_sigterm()
    listener = webserver.listen(settings)
    occupy(settings.data_dir)
    code, link = _prepared(settings)
    if code != 0:
        return code
    board = Board(webserver.PLACES)  # here, so that a new web server learns what the last one died of
    children = [Child("web", lambda: webserver.WebServer(settings, listener, board=board, token=link).run())]
    grace_s = float(webserver.GRACE_S)
    if with_worker:
        children.append(Child("runners", lambda: _runners(settings, kind="serve")))
        grace_s = max(grace_s, settings.hook_timeout_s + 2 * consumer.GRACE_S)
    return supervise(children, grace_s=grace_s)


def worker(settings: Settings) -> int:
    """Run module code until SIGTERM, as soon as the database is at the version of this code; the exit code.

    A key that does not fit the database is refused before anything runs.
    """
    logs.to_stderr(settings)
    end_on_sigterm()
    occupy(settings.data_dir)
    code = _in_child(lambda: _wait_for_schema(settings))
    if code == 0:
        _runners(settings, kind="worker")
    return code


def companion(parent_pid: int) -> None:
    """Be the runner of a development server: run what waits for as long as no other runner lives."""
    die_with_parent(parent_pid)
    hear_signals()
    settings = load_settings()
    logs.to_stderr(settings)
    _wait_for_schema(settings)
    app = create_app(settings)
    while _others_run(app):
        time.sleep(_OTHERS_LOOK_S)
    consumer.run(app, kind="serve")


def _others_run(app: Flask) -> bool:
    with app.app_context():
        return alive(read_session(), runtime_of(app).clock())


def _in_child(body: Callable[[], object]) -> int:
    _, status = os.waitpid(fork(body), 0)
    return abs(os.waitstatus_to_exitcode(status))


# --- before anything is served ---------------------------------------------------------------------------------------


def _prepared(settings: Settings) -> tuple[int, str]:
    """Bring the database up to date in a child; its exit code, and the token of a set-up link while unclaimed."""
    receiver, sender = os.pipe()
    code = _in_child(lambda: os.write(sender, _prepare(settings).encode()))
    os.close(sender)
    with os.fdopen(receiver) as answer:
        return code, answer.read()


def _prepare(settings: Settings) -> str:
    """Upgrade, fill and reconcile; the token of a fresh set-up link, empty when there is an admin."""
    app = create_app(settings)
    migrations.upgrade(app)
    rt = runtime_of(app)
    with app.app_context():
        password = _first_password(rt)
    with app.app_context(), unit_of_work() as uow:
        now = rt.clock()
        if settings.demo:
            demo.fill(uow, rt, now)
        reconcile.run(uow, rt, now)
        slugs = [each.slug for each in platforms.listing(uow.session, archived=True)]
        for misnamed in misnamed_platforms(rt.locked, slugs):
            log.warning("%s", misnamed)
        if password is not None:
            setup.first_admin(uow, rt, password=password, now=now)
        return setup.fresh_link(uow, now) if setup.is_open(uow.session) else ""


def _first_password(rt: Runtime) -> PasswordHash | None:
    """The hash of the first admin's password, from the file that the settings name, while there is no admin.

    Raises:
        SettingsError: The file cannot be read, or there is only one of address and file.
    """
    email, file = rt.settings.admin_email, rt.settings.admin_password_file
    if not (email or file) or not setup.is_open(read_session()):
        return None
    if file is None or not email:
        raise SettingsError("CONSOLE_ADMIN_EMAIL and CONSOLE_ADMIN_PASSWORD_FILE go together; one of them is missing.")
    try:
        return passwords.hash(file.read_text(encoding="utf-8").strip(), about=(email,))
    except (OSError, ValueError) as error:
        raise SettingsError(f"CONSOLE_ADMIN_PASSWORD_FILE: {file} cannot be read: {error}.") from error


def _wait_for_schema(settings: Settings) -> None:
    app = create_app(settings)
    said = False
    with app.app_context():
        while not migrations.console_at_head(db.engine):
            schema.refuse_newer(db.engine)
            if not said:
                log.info("the database is not at the version of this code yet; waiting for `db upgrade`")
                said = True
            time.sleep(_SCHEMA_LOOK_S)
        check_key(read_session(), runtime_of(app).secrets)
        with unit_of_work() as uow:
            schema.check_writable(uow)


def _runners(settings: Settings, *, kind: str) -> None:
    consumer.run(create_app(settings), kind=kind)
