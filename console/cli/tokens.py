"""``tokens``: who may use the API; the text of a token is shown once."""

from __future__ import annotations

import click

from console.cli.base import Cli, command
from console.errors import Unknown, UsageError
from console.services import platforms, tokens, vendors
from console.services.documents import Names, names, token_json
from console.services.tokens import TokenView
from console.storage.uow import unit_of_work

NAME = click.Option(["--name"], required=True, metavar="N", help="What it is for.")
VENDOR = click.Option(["--vendor"], metavar="V", help="Its scope: this vendor.")
EXPIRES = click.Option(
    ["--expires"], type=click.IntRange(1, 3660), default=90, show_default=True, metavar="DAYS", help="Its life."
)


@command("list", VENDOR)
def list_tokens(cli: Cli, *, vendor: str | None) -> None:
    """Tokens with scope and life, never their text."""
    platform_id, vendor_id = _scope(cli, vendor)
    found = tokens.listing(cli.read(), platform_id=platform_id, vendor_id=vendor_id)
    slugs = names(cli.read())
    if cli.talk.json:
        cli.talk.document({"schema": 1, "tokens": [token_json(each, slugs) for each in found]})
        return
    rows = ((each.id, each.name, _where(each, slugs), _life(cli, each), each.last_used_at) for each in found)
    cli.talk.table(("id", "name", "scope", "life", "last used"), rows)


def _where(token: TokenView, slugs: Names) -> str:
    if token.vendor_id is not None:
        return f"vendor {slugs[1][token.vendor_id]}"
    return "instance" if token.platform_id is None else f"platform {slugs[0][token.platform_id]}"


def _life(cli: Cli, token: TokenView) -> str:
    if token.revoked_at is not None:
        return "revoked"
    until = token.expires_at.date().isoformat()
    return f"until {until}" if token.is_good(cli.now) else f"ended {until}"


@command("create", NAME, VENDOR, EXPIRES)
def create(cli: Cli, *, name: str, vendor: str | None, expires: int) -> None:
    """A new token for a platform, a vendor or, without either, the instance; its text is printed once."""
    platform_id, vendor_id = _scope(cli, vendor)
    slugs = names(cli.read())
    with unit_of_work() as uow:
        made, secret = tokens.create(
            uow,
            name,
            expires_days=expires,
            platform_id=platform_id,
            vendor_id=vendor_id,
            actor=cli.actor,
            now=cli.now,
        )
    if cli.talk.json:
        cli.talk.document({"schema": 1, "token": token_json(made, slugs), "secret": secret})
    else:
        cli.talk.say(f"Token {made.id} for {_where(made, slugs)}, {_life(cli, made)}. Keep it, it is not shown again:")
        cli.talk.answer(secret)


@command("revoke", click.Argument(["token"], metavar="ID"), platform=False)
def revoke(cli: Cli, token: str) -> None:
    """The token is not valid any more."""
    cli.read()
    if not token.isascii() or not token.isdigit() or len(token) > 18:
        raise Unknown("token", token)
    with unit_of_work() as uow:
        gone = tokens.revoke(uow, int(token), actor=cli.actor, now=cli.now)
    if cli.talk.json:
        cli.talk.document({"schema": 1, "token": token_json(gone, names(cli.read()))})
    else:
        cli.talk.done(f"Token {token} ({gone.name}) is not valid any more.")


def _scope(cli: Cli, vendor: str | None) -> tuple[int | None, int | None]:
    session = cli.read()
    if vendor and cli.slug:
        raise UsageError("A token is for a platform or for a vendor.", hint="Pass -p or --vendor, not both.")
    if vendor:
        return None, vendors.by_slug(session, vendor).id
    slug = cli.slug or cli.rt.settings.platform
    return (platforms.by_slug(session, slug).id if slug else None), None
