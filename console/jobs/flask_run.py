"""``flask run`` brings a runner of its own, so that what is switched there also happens."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import click

from console.jobs.startup import run_startups
from console.jobs.state import runtime_of

if TYPE_CHECKING:
    from flask import Flask

_CODE = "import sys; from console.server import companion; companion(int(sys.argv[1]))"


def bring_runner(app: Flask) -> bool:
    """Start a companion process when ``app`` is loaded by ``flask run`` to be served here; whether it was.

    The companion runs steps for as long as no other runner lives, and ends with this process. Under the reloader only
    the process that serves has one. As it serves, it also lets the modules start up.
    """
    context = click.get_current_context(silent=True)
    if context is None or not _serves(context):
        return False
    settings = runtime_of(app).settings
    variables = {**os.environ, "CONSOLE_DATA_DIR": str(settings.data_dir)}
    process = subprocess.Popen([sys.executable, "-c", _CODE, str(os.getpid())], env=variables)  # noqa: S603  # ours
    atexit.register(process.terminate)
    run_startups(app)
    return True


def _serves(context: click.Context) -> bool:
    from flask.cli import run_command  # noqa: PLC0415  # only a command line has it loaded already

    if context.command is not run_command:
        return False
    reloads = context.params.get("reload")
    if reloads is None:
        reloads = bool(os.environ.get("FLASK_DEBUG") not in (None, "", "0", "false", "no"))
    return not reloads or os.environ.get("WERKZEUG_RUN_MAIN") == "true"
