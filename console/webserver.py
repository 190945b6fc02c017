"""The web server of ``serve``: gunicorn on a socket that its parent holds, and the word about where it is."""

from __future__ import annotations

import os
import signal
import socket
from typing import TYPE_CHECKING

import click
from gunicorn.app.base import BaseApplication

from console.app import create_app
from console.errors import CannotStart
from console.jobs.address import note_address
from console.jobs.board import Board, Slot
from console.jobs.process import die_with_parent
from console.jobs.startup import note_death, run_startups
from console.jobs.state import jobs_of, look_at_schema
from console.settings import Settings, address

if TYPE_CHECKING:
    from flask import Flask
    from gunicorn.arbiter import Arbiter
    from gunicorn.workers.base import Worker

GRACE_S = 10
PLACES = 64
"""Web workers that can be told apart at one time, the dying ones included."""
_BACKLOG = 512
_THREADS = 8
_STUCK_S = 60


def listen(settings: Settings) -> socket.socket:
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
            "graceful_timeout": GRACE_S,
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
        return self.board.slots[int(worker.age) % PLACES]


def _announce(settings: Settings, listener: socket.socket, token: str) -> None:
    """Print where the console is and, while nobody has claimed it, the link that makes the first admin."""
    host, port = listener.getsockname()[:2]
    base = address(settings, host=host, port=port)
    note_address(settings.data_dir / "run", base)
    click.echo(f"Module Console is at {base}/")
    if token:
        click.echo(f"Create the first admin: {base}/setup?token={token}")
