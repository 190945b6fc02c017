"""``audit``: who did what, to read and to take away."""

from __future__ import annotations

from typing import TypedDict, Unpack
from zoneinfo import ZoneInfo

import click

from console.cli.base import Cli, command
from console.domain.days import Period, period
from console.errors import UsageError
from console.services import audit_export, audit_search, platforms
from console.services.audit import AuditView
from console.services.audit_search import AuditQuery
from console.services.paging import Place

FILTERS = (
    click.Option(["--actor"], default="", metavar="TEXT", help="Part of who did it."),
    click.Option(["--action"], default="", metavar="ACTION", help="One, or a family: `config.`."),
    click.Option(["--target"], default="", metavar="TARGET", help="What it was done to: a code, slug or e-mail."),
    click.Option(["--source"], default="", metavar="SOURCE", help="page, cli, api, file or system."),
    click.Option(["--text"], default="", metavar="TEXT", help="Part of anything that an entry says."),
    click.Option(["--operation", "operation"], type=click.IntRange(1), metavar="ID", help="What belongs to it."),
    click.Option(["--from", "first"], default="", metavar="DAY", help="The first day, as 2026-03-01."),
    click.Option(["--to", "last"], default="", metavar="DAY", help="The last day."),
)
LIMIT = click.Option(["--limit"], type=click.IntRange(1, 1000), default=50, show_default=True, help="At most so many.")
BEFORE = click.Option(["--before"], type=click.IntRange(1), metavar="ID", help="Only entries older than this one.")
FORMAT = click.Option(
    ["--format", "form"],
    type=click.Choice(["csv", "json"]),
    default="csv",
    show_default=True,
    help="The same as --json.",
)


class Wanted(TypedDict):
    """The values of the filters."""

    actor: str
    action: str
    target: str
    source: str
    text: str
    operation: int | None
    first: str
    last: str


@command("list", *FILTERS, LIMIT, BEFORE)
def list_entries(cli: Cli, *, limit: int, before: int | None, **wanted: Unpack[Wanted]) -> None:
    """Who did what to a platform, newest first; without one, to the whole instance."""
    session = cli.read()
    slug, platform_id = _platform(cli)
    page = audit_search.find(session, platform_id, _query(cli, wanted), size=limit, place=Place(before=before))
    if cli.talk.json:
        entries = [audit_export.record_json(entry) for entry in page.rows]
        cli.talk.document({"schema": 1, "platform": slug, "entries": entries})
        return
    headers = ("id", "at", "platform", "by", "from", "action", "target", "operation", "reason")
    cli.talk.table(headers, (_row(entry) for entry in page.rows))


@command("export", *FILTERS, FORMAT)
def export(cli: Cli, *, form: str, **wanted: Unpack[Wanted]) -> None:
    """All of it to stdout: CSV, or the document of `audit list`."""
    session = cli.read()
    slug, platform_id = _platform(cli)
    found = audit_search.batches(session, platform_id, _query(cli, wanted))
    as_json = cli.talk.json or form == "json"
    for piece in audit_export.pieces("json" if as_json else "csv", found, platform=slug):
        click.echo(piece, nl=False)


def _row(entry: AuditView) -> tuple[object, ...]:
    at = entry.at.isoformat(sep=" ", timespec="seconds")
    done = (entry.action, entry.target, entry.operation_id, entry.reason)
    return (entry.id, at, entry.platform or None, entry.actor, entry.source, *done)


def _platform(cli: Cli) -> tuple[str | None, int | None]:
    slug = cli.slug or cli.rt.settings.platform
    found = platforms.by_slug(cli.read(), slug) if slug else None
    return (None, None) if found is None else (found.slug, found.id)


def _query(cli: Cli, wanted: Wanted) -> AuditQuery:
    return AuditQuery(
        actor=wanted["actor"],
        action=wanted["action"],
        target=wanted["target"],
        source=wanted["source"],
        text=wanted["text"],
        operation_id=wanted["operation"],
        period=_period(cli, wanted["first"], wanted["last"]),
    )


def _period(cli: Cli, first: str, last: str) -> Period:
    """The days in the time zone of the instance.

    Raises:
        UsageError: One of them is no day.
    """
    try:
        return period(first, last, ZoneInfo(cli.rt.settings.timezone))
    except (ValueError, OverflowError) as error:
        raise UsageError(f"That is no day: {error}.", hint="Write one as 2026-03-31.") from error
