"""``flask db``: Flask-Migrate's own group, which then knows the console and its many branches."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import click
from alembic.config import Config
from flask import current_app
from flask.cli import ScriptInfo
from flask_migrate import cli

from console.cli.base import Cli, load_app
from console.cli.migrations import upgrade
from console.cli.talk import Talk
from console.errors import ConsoleError

Body = Callable[..., object]
_OURS = "knows_the_console"


def taught() -> click.Group:
    """Flask-Migrate's group, which can then find the console without ``--app`` and upgrades every branch of it.

    Other applications in the same environment keep Flask-Migrate's behaviour.
    """
    group: click.Group = cli.db
    if getattr(group, _OURS, False):
        return group
    setattr(group, _OURS, True)
    group.callback = _found(cast("Body", group.callback))
    command = group.commands["upgrade"]
    command.callback = _every_branch(cast("Body", command.callback))
    return group


def _found(original: Body) -> Body:
    @click.pass_context
    def db(context: click.Context, /, **given: object) -> object:
        info = context.ensure_object(ScriptInfo)
        if info.app_import_path is None and not any(Path(name).is_file() for name in ("wsgi.py", "app.py")):
            try:
                _prepare(context)
            except ConsoleError as error:
                context.exit(Talk().fail(error))
        return context.invoke(original, **given)

    return db


def _prepare(context: click.Context) -> None:
    """Load the console and configure Flask-Migrate for its branches."""
    from console.services.migrations.scan import scan
    from console.services.migrations.scripts import migrate_config

    app = load_app(context)
    with app.app_context():
        config = migrate_config(app, scan(app.extensions["console"].registry))
    folders = (config.get_main_option("version_locations") or "").replace("%", "%%")

    def everywhere(each: Config) -> Config:
        each.set_main_option("version_locations", folders)
        return each

    app.extensions["migrate"].migrate.configure(everywhere)


def _every_branch(original: Body) -> Body:
    @click.pass_context
    def run(context: click.Context, /, **given: object) -> object:
        if "console" not in current_app.extensions or given.get("revision") not in (None, "head", "heads"):
            return context.invoke(original, **given)
        talk = Talk()
        try:
            code = upgrade(Cli(context, talk), None, sql=bool(given.get("sql")))
        except ConsoleError as error:
            code = talk.fail(error)
        return context.exit(code)

    return run
