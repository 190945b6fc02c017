"""``users``: accounts and their roles; passwords come by stdin or a prompt, never as a word."""

from __future__ import annotations

import sys

import click

from console.cli.base import Cli, command
from console.domain.words import Role
from console.errors import UsageError
from console.services import passwords, platforms, users, vendors
from console.services.documents import user_json
from console.services.users import RoleView
from console.storage.tables import User
from console.storage.uow import unit_of_work

EMAIL = click.Argument(["email"])
ROLE = click.Option(["--role"], type=click.Choice([role.value for role in Role]), required=True, help="The role.")
VENDOR = click.Option(["--vendor"], metavar="V", help="The vendor at which the role holds.")
NAME = click.Option(["--name"], default="", metavar="N", help="What people call them.")
STDIN = click.Option(["--password-stdin"], is_flag=True, help="Read the password from stdin, one line.")


@command("list", VENDOR)
def list_users(cli: Cli, *, vendor: str | None) -> None:
    """Who there is, with roles; of one platform or vendor, or all."""
    session = cli.read()
    slug = cli.slug or cli.rt.settings.platform
    platform_id = platforms.by_slug(session, slug).id if slug else None
    vendor_id = vendors.by_slug(session, vendor).id if vendor else None
    found = users.listing(session, platform_id=platform_id, vendor_id=vendor_id)
    roles = users.roles_of(session, [each.id for each in found])
    if cli.talk.json:
        cli.talk.document({"schema": 1, "users": [user_json(each, roles[each.id]) for each in found]})
        return
    rows = ((each.email, each.name, list(map(_role, roles[each.id])), each.is_active) for each in found)
    cli.talk.table(("email", "name", "roles", "active"), rows)


def _role(view: RoleView) -> str:
    where = view.platform or view.vendor
    return f"{view.role.value} of {where}" if where else view.role.value


@command("create", EMAIL, ROLE, VENDOR, NAME, STDIN)
def create(cli: Cli, email: str, *, role: str, vendor: str | None, name: str, password_stdin: bool) -> None:
    """A new account with one role; `-p` or `--vendor` say where it holds."""
    session = cli.read()
    wanted = Role(role)
    on_platform = wanted in (Role.PLATFORM_ADMIN, Role.PLATFORM_VIEWER)
    if on_platform and vendor:
        raise UsageError(f"{role} goes with a platform, not with a vendor.", hint="Pass -p PLATFORM.")
    platform_id = cli.platform().id if on_platform or (cli.slug and not vendor) else None
    vendor_id = vendors.by_slug(session, vendor).id if vendor else None
    password = _password(cli, from_stdin=password_stdin)
    hashed = None if password is None else passwords.hash(password, about=(email, name))
    with unit_of_work() as uow:
        user = users.create(
            uow,
            email,
            role=wanted,
            platform_id=platform_id,
            vendor_id=vendor_id,
            password=hashed,
            name=name,
            actor=cli.actor,
            now=cli.now,
        )
        uow.session.flush()
        document = user_json(user, users.roles_of(uow.session, [user.id])[user.id])
    if cli.talk.json:
        cli.talk.document({"schema": 1, "user": document})
    else:
        without = "" if password else " Nobody can log in with it before `users passwd`."
        cli.talk.done(f"The account {document['email']} is there.{without}")


@command("passwd", EMAIL, STDIN, platform=False)
def passwd(cli: Cli, email: str, *, password_stdin: bool) -> None:
    """A new password; every session of the account ends."""
    user = users.by_email(cli.read(), email)
    user_id, about = user.id, (user.email, user.name)
    password = _password(cli, from_stdin=password_stdin)
    if password is None:
        raise UsageError("There is no password.", hint="Give it on stdin with --password-stdin.")
    hashed = passwords.hash(password, about=about)
    with unit_of_work() as uow:
        users.set_password(uow, user_id, hashed, actor=cli.actor, now=cli.now)
    changed(cli, user_id, f"The password of {email} is changed.")


@command("disable", EMAIL, platform=False)
def disable(cli: Cli, email: str) -> None:
    """No login any more; what the account did stays."""
    user_id = users.by_email(cli.read(), email).id
    with unit_of_work() as uow:
        users.disable(uow, user_id, actor=cli.actor, now=cli.now)
    changed(cli, user_id, f"{email} cannot log in any more.")


def changed(cli: Cli, user_id: int, text: str) -> None:
    """Say what was done to an account, or give its document."""
    session = cli.read()
    user = session.get_one(User, user_id)
    if cli.talk.json:
        cli.talk.document({"schema": 1, "user": user_json(user, users.roles_of(session, [user_id])[user_id])})
    else:
        cli.talk.done(text)


def _password(cli: Cli, *, from_stdin: bool) -> str | None:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if cli.talk.can_ask and sys.stderr.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    return None
