"""``modules plan``, ``enable`` and ``disable``."""

from __future__ import annotations

import click

from console.cli import following, plans
from console.cli.base import Cli, command
from console.domain.plan_types import ChangeRequest
from console.services import operations
from console.services import plans as service
from console.storage.uow import unit_of_work

CODES = click.Argument(["codes"], nargs=-1, required=True, metavar="CODE…")
PRUNE = click.Option(["--prune"], is_flag=True, help="Also take off what nothing needs any more.")
NO_CASCADE = click.Option(["--no-cascade"], is_flag=True, help="Refuse when others would change too.")
NOTE = click.Option(["--note"], default="", metavar="TEXT", help="Why; stands in the journal and the audit.")
YES = click.Option(["--yes"], is_flag=True, help="Do not ask when others are affected.")
DRY_RUN = click.Option(["--dry-run"], is_flag=True, help="The plan only.")
SWITCH = (CODES, DRY_RUN, YES, NO_CASCADE, PRUNE, NOTE, *following.OPTIONS)
VERBS = {"enable": True, "disable": False}


@command("plan", CODES, NO_CASCADE, PRUNE)
def plan(cli: Cli, codes: tuple[str, ...], *, no_cascade: bool, prune: bool) -> int:
    """What switching CODE… on would change; `plan disable CODE…` for off. Exit 0 nothing, 1 changes, 4 blocked."""
    verb = codes[0] if codes[0] in VERBS else "enable"
    named = codes[1:] if codes[0] in VERBS else codes
    if not named:
        raise click.UsageError(f"Name the modules to {verb}.")
    request = _request(named, turn_on=VERBS[verb], cascade=not no_cascade, prune=prune)
    platform = cli.platform()
    return plans.tell(cli, service.preview(cli.read(), cli.rt, platform.id, request))


@command("enable", *SWITCH)
def enable(cli: Cli, /, codes: tuple[str, ...], **options: object) -> int:
    """Switch modules on, with what they require: shows the plan, asks when others are affected, follows it."""
    return _switch(cli, codes, turn_on=True, options=options)


@command("disable", *SWITCH)
def disable(cli: Cli, /, codes: tuple[str, ...], **options: object) -> int:
    """Switch modules off, with what requires them; data and configuration stay."""
    return _switch(cli, codes, turn_on=False, options=options)


def _request(codes: tuple[str, ...], *, turn_on: bool, cascade: bool, prune: bool) -> ChangeRequest:
    return ChangeRequest(dict.fromkeys(codes, turn_on), cascade=cascade, prune=prune)


def _switch(cli: Cli, codes: tuple[str, ...], *, turn_on: bool, options: dict[str, object]) -> int:
    request = _request(codes, turn_on=turn_on, cascade=not options["no_cascade"], prune=bool(options["prune"]))
    platform = cli.platform()
    platform_id = platform.id
    shown = service.preview(cli.read(), cli.rt, platform_id, request)
    if options["dry_run"]:
        return plans.tell(cli, shown)
    operations.must_not_be_blocked(shown)
    if not shown.steps:
        return following.tell(cli, None)
    plans.confirm(cli, shown, yes=bool(options["yes"]))
    with unit_of_work() as uow:
        accepted = operations.accept(
            uow,
            cli.rt,
            platform_id,
            request,
            actor=cli.actor,
            now=cli.now,
            digest=shown.digest,
            note=str(options["note"]),
        )
    return following.follow(cli, accepted, wait=bool(options["wait"]), timeout_s=options["timeout_s"])
