"""``tiers``: what vendors of a platform can have, which of them a vendor has, and what is different for it alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import click

from console.cli.base import Cli, command
from console.domain.codes import Tier
from console.domain.tiers import Override, TierPlan
from console.errors import UsageError
from console.services import snapshots, tiers, vendor_tiers, vendors
from console.services.operation_views import time_json
from console.services.tiers import TierDraft
from console.storage.uow import unit_of_work

CODE = click.Argument(["code"])
NAME = click.Option(["--name"], default=None, metavar="N", help="What vendors read; the code when left out.")
FEATURES = click.Option(["--feature", "features"], multiple=True, metavar="F", help="A feature that it has; repeat.")
LIMITS = click.Option(["--limit", "limits"], multiple=True, metavar="CODE=N", help="The most of something; repeat.")
VENDOR = click.Option(["--vendor"], required=True, metavar="V", help="The vendor.")
DRY_RUN = click.Option(["--dry-run"], is_flag=True, help="The plan only.")
YES = click.Option(["--yes"], is_flag=True, help="Do not ask.")


@command("list")
def list_tiers(cli: Cli) -> None:
    """The tiers of a platform, and how many vendors have each."""
    session, platform = cli.read(), cli.platform()
    found = snapshots.current(session, cli.rt, platform.id).tiers
    listed = [{**tiers.tier_json(each), "vendors": found.holders(each.code)} for each in found.offered.values()]
    if cli.talk.json:
        cli.talk.document({"schema": 1, "platform": platform.slug, "tiers": listed})
        return
    rows = (
        (each.code, each.name, found.holders(each.code), _features(each), _limits(each))
        for each in found.offered.values()
    )
    cli.talk.table(("code", "name", "vendors", "features", "limits"), rows)


def _features(tier: Tier) -> list[str]:
    return sorted(tier.features)


def _limits(tier: Tier) -> list[str]:
    return [f"{code}={value}" for code, value in sorted(tier.limits.items())]


@command("create", CODE, NAME, FEATURES, LIMITS)
def create(cli: Cli, code: str, *, name: str | None, features: Sequence[str], limits: Sequence[str]) -> None:
    """A new tier; no vendor has it yet."""
    cli.read()
    platform_id = cli.platform().id
    draft = TierDraft(name or code, frozenset(features), _read_limits(limits))
    with unit_of_work() as uow:
        tiers.create(uow, cli.rt, platform_id, code, draft=draft, actor=cli.actor, now=cli.now)
    _said(cli, platform_id, code, f"The tier {code} is there.")


@command("set", CODE, NAME, FEATURES, LIMITS, DRY_RUN, YES)
def save(
    cli: Cli,
    code: str,
    *,
    name: str | None,
    features: Sequence[str],
    limits: Sequence[str],
    dry_run: bool,
    yes: bool,
) -> int:
    """Name, features and limits of a tier as given, for every vendor that has it; shows first what they lose."""
    session, platform = cli.read(), cli.platform()
    platform_id = platform.id
    found = snapshots.current(session, cli.rt, platform_id).tiers
    before = tiers.find(found, code)
    draft = TierDraft(name or before.name, frozenset(features), _read_limits(limits))
    plan = tiers.save_plan(cli.rt.registry, found, code, draft)
    asked = _confirmed(cli, plan, f"{found.holders(code)} vendors", dry_run=dry_run, yes=yes)
    if asked is not None:
        return asked
    with unit_of_work() as uow:
        tiers.save(uow, cli.rt, platform_id, code, draft=draft, seen=plan.digest, actor=cli.actor, now=cli.now)
    _said(cli, platform_id, code, f"The tier {code} is changed.")
    return 0


@command("delete", CODE)
def remove(cli: Cli, code: str) -> None:
    """Delete a tier that no vendor has."""
    cli.read()
    platform_id = cli.platform().id
    with unit_of_work() as uow:
        tiers.remove(uow, cli.rt, platform_id, code, actor=cli.actor, now=cli.now)
    if cli.talk.json:
        cli.talk.document({"schema": 1, "tier": None})
    else:
        cli.talk.done(f"The tier {code} is gone.")


@command("assign", click.Argument(["code"], required=False), VENDOR, DRY_RUN, YES, platform=False)
def assign(cli: Cli, code: str | None, *, vendor: str, dry_run: bool, yes: bool) -> int:
    """Give a vendor a tier, or without CODE none; shows first what it loses. Nothing of it is ever deleted."""
    session = cli.read()
    who = vendor_tiers.holder(vendors.by_slug(session, vendor))
    plan = vendor_tiers.plan(session, cli.rt, who, code, now=cli.now)
    asked = _confirmed(cli, plan, vendor, dry_run=dry_run, yes=yes)
    if asked is not None:
        return asked
    with unit_of_work() as uow:
        vendor_tiers.assign(uow, cli.rt, who, code, seen=plan.digest, actor=cli.actor, now=cli.now)
    if cli.talk.json:
        cli.talk.document({"schema": 1, "vendor": vendor, "plan": vendor_tiers.plan_json(plan)})
    else:
        cli.talk.done(f"{vendor} has the tier {code}." if code else f"{vendor} has no tier, and so every feature.")
    return 0


@command(
    "override",
    click.Argument(["feature"]),
    click.Argument(["want"], type=click.Choice(["on", "off", "end"])),
    VENDOR,
    click.Option(["--days"], type=click.IntRange(1, 3660), metavar="DAYS", help="It ends by itself."),
    click.Option(["--note"], default="", metavar="TEXT", help="Why."),
    platform=False,
)
def override(cli: Cli, feature: str, *, want: str, vendor: str, days: int | None, note: str) -> None:
    """Give one vendor a feature, keep one from it, or end that."""
    who = vendor_tiers.holder(vendors.by_slug(cli.read(), vendor))
    until = None if days is None else cli.now + timedelta(days=days)
    with unit_of_work() as uow:
        if want == "end":
            vendor_tiers.end_override(uow, cli.rt, who, feature, actor=cli.actor, now=cli.now)
        else:
            wish = Override(feature, want == "on", until, note)
            vendor_tiers.override(uow, cli.rt, who, wish, actor=cli.actor, now=cli.now)
    if cli.talk.json:
        document = None if want == "end" else {"feature": feature, "on": want == "on", "until": time_json(until)}
        cli.talk.document({"schema": 1, "vendor": vendor, "override": document})
    else:
        cli.talk.done(f"{feature} is {want} for {vendor} alone." if want != "end" else f"The tier of {vendor} decides.")


def _confirmed(cli: Cli, plan: TierPlan, whom: str, *, dry_run: bool, yes: bool) -> int | None:
    """The exit code when it ends here, after the plan was shown; None to go on."""
    if dry_run and cli.talk.json:
        cli.talk.document({"schema": 1, "plan": vendor_tiers.plan_json(plan)})
        return 1 if plan.takes or plan.won else 0
    for line in _plan_lines(plan):
        cli.talk.say(line)
    if dry_run:
        return 1 if plan.takes or plan.won else 0
    if plan.takes and not yes:
        if not cli.talk.can_ask:
            raise UsageError("This takes something away.", hint="Pass --yes, or --dry-run to see it.")
        if not click.confirm(f"Take this from {whom}?", err=True):
            return 1
    return None


def _plan_lines(plan: TierPlan) -> list[str]:
    lines = [*(f"- {each}" for each in plan.lost), *(f"+ {each}" for each in plan.won)]
    for each in plan.limits:
        used = "" if each.used is None else f", {each.used} in use"
        lines.append(f"  {each.code}: {_number(each.before)} → {_number(each.after)}{used}")
    return lines


def _number(value: int | None) -> str:
    return "no limit" if value is None else str(value)


def _read_limits(given: Sequence[str]) -> dict[str, int]:
    found = {}
    for each in given:
        code, sign, number = each.partition("=")
        if not sign or not number.isascii() or not number.isdigit() or len(number) > 15:
            raise UsageError(f"{each!r} is no limit.", hint="Write it as CODE=N, a whole number.")
        found[code] = int(number)
    return found


def _said(cli: Cli, platform_id: int, code: str, text: str) -> None:
    if cli.talk.json:
        found = snapshots.current(cli.read(), cli.rt, platform_id).tiers
        cli.talk.document({"schema": 1, "tier": tiers.tier_json(found.offered[code])})
    else:
        cli.talk.done(text)
