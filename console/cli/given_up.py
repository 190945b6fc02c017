"""``modules given-up``: deliveries and tasks that rest after their last try, and what becomes of them."""

from __future__ import annotations

import click

from console.cli.base import Cli, command
from console.services import given_up, platforms
from console.services.given_up import Decision, GivenUp, Kind
from console.storage.uow import unit_of_work

KEY = click.Argument(["key"], metavar="ID")
MOST = 1000


@command("given-up")
def look(cli: Cli) -> None:
    """Deliveries and tasks that gave up, newest first; of one platform with -p, else of all."""
    session = cli.read()
    slug = cli.slug or cli.rt.settings.platform
    platform_id = platforms.by_slug(session, slug).id if slug else None
    views = [view for kind in Kind for view in given_up.listing(session, platform_id, kind, limit=MOST)]
    if cli.talk.json:
        cli.talk.document({"schema": 1, "given_up": [given_up.as_json(view) for view in views]})
    else:
        cli.talk.table(("id", "platform", "event", "module", "name", "attempts", "error", "when"), map(_row, views))


def _row(view: GivenUp) -> tuple[object, ...]:
    event = None if view.event is None else view.event.value
    return (view.key, view.platform, event, view.module, view.name, view.attempts, view.error, view.at)


@command("again", KEY, platform=False)
def again(cli: Cli, key: str) -> None:
    """Deliver or run it again, with all its tries; ID as the list shows it."""
    _decide(cli, key, Decision.AGAIN)


@command("let-go", KEY, platform=False)
def let_go(cli: Cli, key: str) -> None:
    """Try it no more; it counts as skipped and keeps its last error."""
    _decide(cli, key, Decision.LET_GO)


def _decide(cli: Cli, key: str, decision: Decision) -> None:
    cli.read()
    with unit_of_work() as uow:
        view = given_up.decide(uow, cli.rt, None, key, decision=decision, actor=cli.actor, now=cli.now)
    if cli.talk.json:
        cli.talk.document({"schema": 1, "given_up": given_up.as_json(view)})
    else:
        cli.talk.say(f"{view.key} is {view.state.value}: {view.name}")
