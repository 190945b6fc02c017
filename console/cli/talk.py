"""What a command says: one JSON document, a table on a terminal, plain lines anywhere else; talk goes to stderr."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import click

from console.domain.plan_types import Plan
from console.errors import ConsoleError

Row = Sequence[object]
COLORS = {
    **dict.fromkeys(("enabled", "healthy", "succeeded", "current", "on", "ok"), "green"),
    **dict.fromkeys(("failed", "unhealthy", "missing", "drifted", "error"), "red"),
    **dict.fromkeys(("enabling", "disabling", "running", "queued", "degraded", "behind", "warning"), "yellow"),
}


@dataclass(frozen=True, slots=True)
class Talk:
    """How this run speaks.

    Args:
        json: One document on stdout, everything else on stderr.
        plain: Rows as lines with tabs, also on a terminal.
        quiet: Only what was asked for.
        color: Whether colours are wanted where a terminal shows them.
        asks: Whether a person may be asked.
    """

    json: bool = False
    plain: bool = False
    quiet: bool = False
    color: bool = True
    asks: bool = True

    @property
    def can_ask(self) -> bool:
        """Whether somebody sits at a terminal who may be asked."""
        return self.asks and not self.json and sys.stdin.isatty()

    @property
    def _colors(self) -> bool:
        return self.color and not self.plain and "NO_COLOR" not in os.environ and sys.stdout.isatty()

    def document(self, document: object) -> None:
        """The one document of this run."""
        click.echo(json.dumps(_plain(document), indent=2, ensure_ascii=False))

    def line(self, document: object) -> None:
        """One document of many, a line each."""
        click.echo(json.dumps(_plain(document), ensure_ascii=False))

    def row(self, row: Row) -> None:
        """One row of a table that never ends."""
        click.echo("\t".join(_cell(value) for value in row))

    def answer(self, text: str) -> None:
        """What was asked for, as text."""
        click.echo(text)

    def say(self, text: str) -> None:
        """Talk: beside the answer, and silenced by ``--quiet``."""
        if not self.quiet:
            click.echo(text, err=True)

    def done(self, text: str) -> None:
        """That it is done: the answer of a command that changes something."""
        if not self.quiet:
            click.echo(text, err=self.json)

    def table(self, headers: Sequence[str], rows: Iterable[Row]) -> None:
        """Rows as an aligned table on a terminal, else a line each with tabs between the cells."""
        if self.plain or not sys.stdout.isatty():
            for row in rows:
                self.row(row)
            return
        cells = [[_cell(value) for value in row] for row in rows]
        widths = [max(len(line[place]) for line in ([*headers], *cells)) for place in range(len(headers))]
        click.echo(self._line([header.upper() for header in headers], widths, bold=True))
        for cell_row in cells:
            click.echo(self._line(cell_row, widths))

    def _line(self, cells: Sequence[str], widths: Sequence[int], *, bold: bool = False) -> str:
        padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=True)]
        padded[-1] = cells[-1]
        if not self._colors:
            return "  ".join(padded)
        return "  ".join(click.style(text, fg=COLORS.get(text.strip()), bold=bold or None) for text in padded)

    def fail(self, error: ConsoleError) -> int:
        """Tells the error in the shape that was asked for; its exit code."""
        if self.json:
            facts = {"code": error.code, "message": error.message, "hint": error.hint, "details": error.details}
            self.document({"schema": 1, "error": facts})
            return error.exit_code
        click.echo(f"Error: {error.message}", err=True)
        for line in filter(None, [error.hint, *_reasons(error)]):
            click.echo(f"  {line}", err=True)
        return error.exit_code


def _reasons(error: ConsoleError) -> list[str]:
    """The further blocks of a plan: the first one is the message."""
    blocks = error.details.get("blocks")
    if not isinstance(blocks, list):
        return []
    return [str(block.get("message")) for block in blocks[1:] if isinstance(block, dict)]


def _cell(value: object) -> str:
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "-"
    return str(value)


def _plain(value: object) -> object:
    """The value as JSON holds it; a plan becomes its document."""
    if isinstance(value, Plan):
        from console.services.plans import as_json

        return as_json(value)
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
