"""Groups that import a command only when it runs."""

from __future__ import annotations

import importlib
from collections.abc import Mapping

import click

from console.cli.talk import Talk
from console.errors import UsageError

Commands = Mapping[str, tuple[str, str]]
_WORDS = "console.cli.words"


class LazyGroup(click.Group):
    """A group of commands that are named by where they are.

    Args:
        lazy: Name → (``package.module:attribute``, one line of help).
    """

    def __init__(self, name: str, lazy: Commands, *, help: str) -> None:
        super().__init__(name, help=help)
        self.lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order in which they are worth reading."""
        return list(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        found = self.lazy.get(cmd_name)
        if found is None:
            return None
        module, _, attribute = found[0].partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands from the table, so that help imports none of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self.lazy.items()])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Remembers the words, to know how a mistake in them is to be told."""
        ctx.meta[_WORDS] = tuple(args)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Runs the command; with ``--json`` a mistake in its words is a document too."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            if "--json" not in ctx.meta.get(_WORDS, ()):
                raise
            ctx.exit(Talk(json=True).fail(UsageError(error.format_message(), hint="See --help.")))
