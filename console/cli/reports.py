"""``modules health`` and ``modules events``: what modules said, and what was told to them."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click

from console.cli.base import Cli, command
from console.domain.words import HealthStatus
from console.services import deliveries, platforms
from console.services import health as reports
from console.services.deliveries import DeliveryView
from console.storage.base import db

LOOK_EVERY_S = 0.5


@command("health", click.Argument(["code"], required=False))
def health(cli: Cli, code: str | None) -> int:
    """The last report of each module, or of one; exit 1 when one is unhealthy."""
    session = cli.read()
    platform_id = cli.platform().id if cli.slug or cli.rt.settings.platform else None
    if code is not None:
        code = cli.rt.registry[code].code
    views = [view for view in reports.listing(session, cli.rt, platform_id) if code in (None, view.code)]
    if cli.talk.json:
        cli.talk.document(reports.as_json(views))
    else:
        rows = ((view.code, view.status.value, view.message, view.checked_at) for view in views)
        cli.talk.table(("module", "status", "message", "checked"), rows)
    return 1 if any(view.status is HealthStatus.UNHEALTHY for view in views) else 0


FOLLOW = click.Option(["--follow"], is_flag=True, help="Go on: a line for each new one, until interrupted.")


@command("events", FOLLOW)
def events(cli: Cli, follow: bool) -> None:
    """Deliveries of events, oldest first; with --json and --follow a document a line."""
    session = cli.read()
    slug = cli.slug or cli.rt.settings.platform
    platform_id = platforms.by_slug(session, slug).id if slug else None
    views = deliveries.listing(session, platform_id)[::-1]
    if not follow:
        if cli.talk.json:
            cli.talk.document({"schema": 1, "deliveries": [deliveries.delivery_json(view) for view in views]})
        else:
            cli.talk.table(("id", "event", "module", "subscriber", "state", "attempts", "error"), map(_row, views))
        return
    _follow(cli, views, platform_id)


def _follow(cli: Cli, views: list[DeliveryView], platform_id: int | None) -> None:
    seen = 0
    with _interruption() as interrupted:
        while True:
            for view in views:
                seen = view.id
                if cli.talk.json:
                    cli.talk.line({"schema": 1, "delivery": deliveries.delivery_json(view)})
                else:
                    cli.talk.row(_row(view))
            db.session.rollback()
            if interrupted.wait(LOOK_EVERY_S):
                raise click.Abort
            views = deliveries.listing(db.session(), platform_id, after=seen, limit=1000)[::-1]


@contextmanager
def _interruption() -> Iterator[threading.Event]:
    """Set by Ctrl-C. An exception that the signal raised inside a finalizer, of a connection say, would be lost."""
    interrupted = threading.Event()
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, lambda *_: interrupted.set())
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)


def _row(view: DeliveryView) -> tuple[object, ...]:
    return (view.id, view.event.value, view.module, view.subscriber, view.state.value, view.attempts, view.error)
