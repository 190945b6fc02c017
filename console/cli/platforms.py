"""``platforms`` and ``vendors``."""

from __future__ import annotations

import click

from console.cli import following
from console.cli.base import Cli, command
from console.services import operations, platforms, vendors
from console.services.documents import platform_json, vendor_json
from console.services.operation_views import operation_json
from console.storage.uow import unit_of_work

SLUG = click.Argument(["slug"])
NAME = click.Option(["--name"], default="", metavar="N", help="What people call it; the slug when left out.")
ALL = click.Option(["--archived"], is_flag=True, help="Archived ones too.")


@command("list", ALL, platform=False)
def list_platforms(cli: Cli, *, archived: bool) -> None:
    """All platforms."""
    found = platforms.listing(cli.read(), archived=archived)
    if cli.talk.json:
        cli.talk.document({"schema": 1, "platforms": [platform_json(each) for each in found]})
        return
    rows = ((each.slug, each.name, each.revision, "archived" if each.archived_at else "") for each in found)
    cli.talk.table(("slug", "name", "revision", ""), rows)


@command("create", SLUG, NAME, *following.OPTIONS, platform=False)
def create(cli: Cli, slug: str, *, name: str, wait: bool, timeout_s: float | None) -> int:
    """A new platform; core modules and those on by default come on, as an operation."""
    cli.read()
    with unit_of_work() as uow:
        made = platforms.create(uow, cli.rt, slug, name, actor=cli.actor, now=cli.now)
        uow.session.flush()
        document = platform_json(made)
        opened = operations.of_platform(uow.session, made.id, limit=1)
    view = opened[0] if opened else None
    if view is not None and view.is_open and wait:
        view = following.ended(cli, view, timeout_s=timeout_s)
    if cli.talk.json:
        whole = {"schema": 1, "platform": document, "operation": None if view is None else operation_json(view)}
        cli.talk.document(whole)
    else:
        cli.talk.done(f"The platform {slug} is there.")
        for line in following.lines(view) if view is not None and not view.is_open else ():
            cli.talk.say(line)
    return following.exit_code(view)


@command("archive", SLUG, platform=False)
def archive(cli: Cli, slug: str) -> None:
    """Take a platform out of use; its data stays."""
    platform = platforms.by_slug(cli.read(), slug)
    with unit_of_work() as uow:
        document = platform_json(platforms.archive(uow, cli.rt, platform.id, actor=cli.actor, now=cli.now))
    if cli.talk.json:
        cli.talk.document({"schema": 1, "platform": document})
    else:
        cli.talk.done(f"The platform {slug} is archived.")


@command("list")
def list_vendors(cli: Cli) -> None:
    """The vendors of one platform, or of all."""
    session = cli.read()
    slug = cli.slug or cli.rt.settings.platform
    platform = platforms.by_slug(session, slug) if slug else None
    names = {each.id: each.slug for each in platforms.listing(session, archived=True)}
    found = vendors.listing(session, None if platform is None else platform.id)
    if cli.talk.json:
        listed = [vendor_json(each, names[each.platform_id]) for each in found]
        cli.talk.document({"schema": 1, "vendors": listed})
    else:
        rows = ((each.slug, each.name, names[each.platform_id]) for each in found)
        cli.talk.table(("slug", "name", "platform"), rows)


@command("create", SLUG, NAME)
def create_vendor(cli: Cli, slug: str, *, name: str) -> None:
    """A new vendor on a platform."""
    platform = cli.platform()
    platform_id, platform_slug = platform.id, platform.slug
    with unit_of_work() as uow:
        made = vendors.create(uow, cli.rt, platform_id, slug, name=name, actor=cli.actor, now=cli.now)
        document = vendor_json(made, platform_slug)
    if cli.talk.json:
        cli.talk.document({"schema": 1, "vendor": document})
    else:
        cli.talk.done(f"The vendor {slug} is there.")
