"""What all commands share: their options, the application behind them, and errors as exit codes."""

from __future__ import annotations

import getpass
import importlib
import sys
import traceback
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Concatenate, ParamSpec

import click

from console.cli.streams import open_closed
from console.cli.talk import Talk
from console.domain.actor import Actor
from console.errors import CannotStart, ConsoleError, PlatformRequired, SchemaBehind, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask
    from sqlalchemy.orm import Session

    from console.services.runtime import Runtime
    from console.storage.tables import Platform

P = ParamSpec("P")
Body = Callable[Concatenate["Cli", P], int | None]

SHARED = (
    click.Option(["--json", "json"], is_flag=True, help="One JSON document on stdout; talk goes to stderr."),
    click.Option(["--plain"], is_flag=True, help="No table, one line a row, also on a terminal."),
    click.Option(["-q", "--quiet"], is_flag=True, help="Only what was asked for."),
    click.Option(["--no-color", "no_color"], is_flag=True, help="No colours."),
    click.Option(["--no-input", "no_input"], is_flag=True, help="Never ask."),
)
PLATFORM = click.Option(["-p", "--platform"], metavar="SLUG", help="The platform; else CONSOLE_PLATFORM.")


@dataclass(slots=True)
class Cli:
    """One run of a command."""

    context: click.Context
    talk: Talk
    slug: str | None = None
    _app: Flask | None = field(default=None, init=False)
    _is_checked: bool = field(default=False, init=False)

    @property
    def app(self) -> Flask:
        """The application, loaded now and active until the command ends.

        Raises:
            CannotStart: It cannot be loaded.
        """
        if self._app is None:
            self._app = load_app(self.context)
            self.context.with_resource(self._app.app_context())
        return self._app

    @property
    def rt(self) -> Runtime:
        """The runtime of the application."""
        found: Runtime = self.app.extensions["console"]
        return found

    @property
    def now(self) -> datetime:
        """The time of the application's clock."""
        return self.rt.clock()

    @property
    def actor(self) -> Actor:
        """Who runs the command, as journal and audit name them."""
        return Actor(name=f"cli:{_user()}", source="cli")

    def read(self) -> Session:
        """The session to read with, on a database that fits the code.

        Raises:
            SchemaBehind: Run ``db upgrade`` first.
            CannotStart: The database is newer than this code.
            WrongKey: The key file is another database's, or is gone.
        """
        from console.services import schema
        from console.services.secrets import check_key
        from console.storage.uow import read_session

        rt, session = self.rt, read_session()
        if self._is_checked:
            return session
        if not schema.console_at_head(session):
            schema.refuse_newer(session)
            raise SchemaBehind(
                "The database is not at the version of this code.", hint="Run `module-console db upgrade`."
            )
        check_key(session, rt.secrets)
        rt.unavailable = schema.unavailable(session, rt.registry)
        self._is_checked = True
        return session

    def platform(self) -> Platform:
        """The platform that was named, or the only one.

        Raises:
            Unknown: There is no such platform.
            PlatformRequired: Several come into question, or there is none.
        """
        from console.services import platforms

        session = self.read()
        slug = self.slug or self.rt.settings.platform
        if slug:
            return platforms.by_slug(session, slug)
        found = platforms.listing(session)
        if len(found) == 1:
            return found[0]
        if not found:
            raise PlatformRequired("There is no platform yet.", hint="Make one: `platforms create SLUG --name NAME`.")
        names = [each.slug for each in found]
        raise PlatformRequired(
            "There is more than one platform.", hint=f"Pass -p with one of: {', '.join(names)}.", platforms=names
        )


class ConsoleCommand(click.Command):
    """A command whose body takes a ``Cli`` first and gives its exit code, None for 0."""

    def invoke(self, ctx: click.Context) -> object:
        """Runs the body; what goes wrong is told in the shape that was asked for."""
        open_closed()
        given = {name: ctx.params.pop(name, None) for name in ("json", "plain", "quiet", "no_color", "no_input")}
        talk = Talk(
            json=bool(given["json"]),
            plain=bool(given["plain"]),
            quiet=bool(given["quiet"]),
            color=not given["no_color"],
            asks=not given["no_input"],
        )
        cli = Cli(ctx, talk, ctx.params.pop("platform", None))
        assert self.callback is not None
        try:
            _must_be_text([cli.slug, *ctx.params.values()])
            code = ctx.invoke(self.callback, cli, **ctx.params)
        except ConsoleError as error:
            code = talk.fail(error)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            code = talk.fail(_Crashed(f"{type(error).__name__}: {error}"))
        ctx.exit(code or 0)


def _must_be_text(values: Iterable[object]) -> None:
    """Refuse words whose bytes are no text; Python hands them on as characters that nothing can store.

    Raises:
        UsageError: Shows the word.
    """
    for value in values:
        for word in value if isinstance(value, list | tuple) else (value,):
            if isinstance(word, str) and not word.isascii():
                try:
                    word.encode()
                except UnicodeEncodeError as error:
                    raise UsageError(f"{word!a} is not UTF-8.") from error


class _Crashed(ConsoleError):
    """Something that nobody foresaw."""

    code = "internal_error"


def command(name: str, *params: click.Parameter, platform: bool = True) -> Callable[[Body[P]], ConsoleCommand]:
    """Decorates the body of a command; the options that all share come along.

    Args:
        name: What people type.
        params: Its own arguments and options.
        platform: Whether it is about one platform.
    """

    def decorate(body: Body[P]) -> ConsoleCommand:
        shared = [*([PLATFORM] if platform else []), *SHARED]
        text = (body.__doc__ or "").strip()
        return ConsoleCommand(name, callback=body, params=[*params, *shared], help=text)

    return decorate


def load_app(context: click.Context) -> Flask:
    """The application that Flask was told of, else the console itself.

    Raises:
        CannotStart: It cannot be loaded, whatever the reason.
    """
    from flask.cli import ScriptInfo

    info = context.ensure_object(ScriptInfo)
    if info.app_import_path is None and info.create_app is None:
        info.create_app = importlib.import_module("console").create_app
    try:
        with redirect_stdout(sys.stderr):  # stdout is the answer's, whatever a module prints at import
            app = info.load_app()
    except ConsoleError as error:
        if error.exit_code == CannotStart.exit_code:
            raise
        raise CannotStart(error.message, hint=error.hint) from error
    except (Exception, SystemExit) as error:
        raise CannotStart(f"The application cannot be loaded: {type(error).__name__}: {error}") from error
    if "console" not in app.extensions:
        raise CannotStart("The application that was named is not the console.", hint="Leave --app out.")
    return app


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "unknown"
