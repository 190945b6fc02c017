"""The process tree of ``serve``: a small parent, the web server and the runners.

The parent binds the address, has the database brought up to date in a child, and forks web and runners; it opens no
database itself. Everything ends with SIGTERM, and nothing survives the parent.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import click
from gunicorn.app.base import BaseApplication

from console import logs
from console.app import create_app
from console.errors import CannotStart
from console.jobs import consumer
from console.jobs.board import Board, Slot
from console.jobs.liveness import alive
from console.jobs.process import die_with_parent, end_on_sigterm, hear_signals
from console.jobs.startup import note_death, run_startups
from console.jobs.state import jobs_of, look_at_schema, runtime_of
from console.jobs.tree import Child, fork, supervise
from console.services import demo, migrations, reconcile, schema, setup
from console.services.runtime import Runtime
from console.services.secrets import check_key
from console.settings import Settings, load_settings
from console.storage.base import db
from console.storage.uow import UnitOfWork, read_session, unit_of_work

if TYPE_CHECKING:
    from flask import Flask
    from gunicorn.arbiter import Arbiter
    from gunicorn.workers.base import Worker

log = logging.getLogger("console.server")
_BACKLOG = 512
_THREADS = 8
_WEB_GRACE_S = 10
_STUCK_S = 60
_PLACES = 64
"""Web workers that can be told apart at one time, the dying ones included."""
_SCHEMA_LOOK_S = 0.5
_OTHERS_LOOK_S = 1.0
_LIBRARIES = ("alembic", "huey")


def serve(settings: Settings, *, with_worker: bool = True) -> int:
    """Run the console until SIGTERM; the exit code.

    Args:
        with_worker: False runs the web server alone; module code then waits for a ``worker``.
    """
    logs.to_stderr(settings)
    end_on_sigterm()
    listener = _listen(settings)
    code, link = _prepared(settings)
    if code != 0:
        return code
    board = Board(_PLACES)  # here, so that a new web server learns what the last one died of
    children = [Child("web", lambda: WebServer(settings, listener, board=board, token=link).run())]
    grace_s = float(_WEB_GRACE_S)
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


def _listen(settings: Settings) -> socket.socket:
    """The listening socket; it outlives restarts of the web server, so that no connection is refused meanwhile.

    Raises:
        CannotStart: The address is taken or not ours.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        raise CannotStart(
            f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}.", hint="Choose another --port."
        ) from error
    listener.listen(_BACKLOG)
    return listener


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
    with app.app_context(), unit_of_work() as uow:
        now = rt.clock()
        if settings.demo:
            demo.fill(uow, rt, now)
        reconcile.run(uow, rt, now)
        return _setup_token(uow, rt)


def _setup_token(uow: UnitOfWork, rt: Runtime) -> str:
    file = rt.settings.admin_password_file
    if file is not None:
        setup.first_admin(uow, rt, password=file.read_text().strip(), now=rt.clock())
    return setup.fresh_link(uow, rt.clock()) if setup.is_open(uow.session) else ""


def _wait_for_schema(settings: Settings) -> None:
    app = create_app(settings)
    said = False
    with app.app_context():
        while not migrations.console_at_head(db.engine):
            if not said:
                log.info("the database is not at the version of this code yet; waiting for `db upgrade`")
                said = True
            time.sleep(_SCHEMA_LOOK_S)
        check_key(read_session(), runtime_of(app).secrets)
        with unit_of_work() as uow:
            schema.check_writable(uow)


# --- the children ----------------------------------------------------------------------------------------------------


def _runners(settings: Settings, *, kind: str) -> None:
    consumer.run(create_app(settings), kind=kind)


class WebServer(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn with threads, on a socket that is open already.

    Args:
        board: Where workers say which module they let start up; outlives this server.
        token: Of the set-up link, empty when the console is claimed.
    """

    def __init__(self, settings: Settings, listener: socket.socket, *, board: Board, token: str) -> None:
        self.settings = settings
        self.listener = listener
        self.board = board
        self.token = token
        self.flask: Flask | None = None
        super().__init__()

    def load_config(self) -> None:
        """Everything is set here; nothing is read from files or the environment."""
        values: dict[str, object] = {
            "bind": f"fd://{os.dup(self.listener.fileno())}",
            "workers": self.settings.workers,
            "worker_class": "gthread",
            "threads": _THREADS,
            "preload_app": True,
            "timeout": _STUCK_S,
            "graceful_timeout": _WEB_GRACE_S,
            "control_socket_disable": True,
            "secure_scheme_headers": {},  # who is trusted about the scheme is a setting of ours
            "loglevel": "debug" if self.settings.log_level == "DEBUG" else "warning",
            "proc_name": "module-console",
            "post_fork": self._after_fork,
            "child_exit": self._after_exit,
            "post_worker_init": self._before_requests,
            "when_ready": lambda _arbiter: _announce(self.settings, self.listener, self.token),
        }
        for name, value in values.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application, loaded once before the workers are forked; no connection stays open."""
        self.flask = create_app(self.settings)
        look_at_schema(self.flask)
        for slot in self.board.slots:
            note_death(self.flask, slot)
        jobs_of(self.flask).storage.close()
        return self.flask

    def _after_fork(self, arbiter: Arbiter, _worker: Worker) -> None:
        die_with_parent(arbiter.pid)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)  # until the worker listens itself, else a stop is not heard
        if self.flask is not None:
            jobs_of(self.flask).storage.forget_connections()

    def _before_requests(self, worker: Worker) -> None:
        if self.flask is not None:
            run_startups(self.flask, self._place(worker), alive=worker.notify)

    def _after_exit(self, _arbiter: Arbiter, worker: Worker) -> None:
        """In the arbiter: a module that ends its process at start-up keeps the next worker from nothing."""
        if self.flask is not None:
            note_death(self.flask, self._place(worker))

    def _place(self, worker: Worker) -> Slot:
        return self.board.slots[int(worker.age) % _PLACES]


def _announce(settings: Settings, listener: socket.socket, token: str) -> None:
    """Print where the console is and, while nobody has claimed it, the link that makes the first admin."""
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    base = settings.base_url.rstrip("/") or f"http://{shown}:{port}"
    click.echo(f"Module Console is at {base}/")
    if token:
        click.echo(f"Create the first admin: {base}/setup?token={token}")
