"""``serve`` and ``worker``: the processes that stay."""

from __future__ import annotations

import importlib

import click

from console.cli.base import Cli, command
from console.settings import Settings, load_settings

DATA_DIR = click.Option(["--data-dir"], metavar="DIR", help="Database, key and media; else CONSOLE_DATA_DIR.")
HOST = click.Option(["--host"], help="Address to listen on.")
PORT = click.Option(["--port"], type=click.IntRange(0, 65535), help="Port to listen on.")
WORKERS = click.Option(["--workers"], type=click.IntRange(1), help="Web processes.")
NO_WORKER = click.Option(["--no-worker"], is_flag=True, help="Web only; run `worker` elsewhere.")


@command("serve", DATA_DIR, HOST, PORT, WORKERS, NO_WORKER, platform=False)
def serve(cli: Cli, /, *, no_worker: bool, **given: object) -> int:
    """Upgrade the database, then web processes and runners until SIGTERM."""
    code: int = importlib.import_module("console.server").serve(_settings(given), with_worker=not no_worker)
    return code


@command("worker", DATA_DIR, platform=False)
def worker(cli: Cli, /, **given: object) -> int:
    """Runners alone: hooks, deliveries, tasks and health checks, until SIGTERM."""
    code: int = importlib.import_module("console.server").worker(_settings(given))
    return code


def _settings(given: dict[str, object]) -> Settings:
    return load_settings({name: value for name, value in given.items() if value is not None})
