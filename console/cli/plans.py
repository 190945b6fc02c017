"""A plan as people read it, and the question before it is carried out."""

from __future__ import annotations

from collections.abc import Iterator

import click

from console.cli.base import Cli
from console.domain.plan_types import Plan
from console.errors import ConfirmationNeeded
from console.services import plans

NOTHING, CHANGES, BLOCKED = 0, 1, 4


def exit_code(plan: Plan) -> int:
    """0 when nothing would change, 1 when something would, 4 when a rule forbids it."""
    if plan.blocked:
        return BLOCKED
    return CHANGES if plan.steps else NOTHING


def tell(cli: Cli, plan: Plan) -> int:
    """The plan as the answer; its exit code."""
    if cli.talk.json:
        cli.talk.document(plans.as_json(plan))
    else:
        for line in lines(plan):
            cli.talk.answer(line)
    return exit_code(plan)


def lines(plan: Plan) -> Iterator[str]:
    """The plan, a line for each step, warning and block."""
    count = len(plan.steps)
    yield f"{plan.platform}: " + ("nothing to do" if not count else f"{count} step{'s' if count > 1 else ''}")
    width = max((len(step.module) for step in plan.steps), default=0)
    for number, step in enumerate(plan.steps, 1):
        reason = step.reason.replace("_", " ").replace(":", " ")
        hook = f", runs on_{step.action.value}" if step.hook else ""
        yield f"  {number}. {step.action.value:<9} {step.module:<{width}}  {reason}{hook}"
    for notice in plan.warnings:
        yield f"  Warning: {notice.message} {notice.hint}".rstrip()
    for notice in plan.blocks:
        yield f"  Blocked: {notice.message} {notice.hint}".rstrip()


def confirm(cli: Cli, plan: Plan, *, yes: bool) -> None:
    """Goes on when nobody else is affected, or somebody says yes.

    Raises:
        ConfirmationNeeded: Others are affected and nobody can be asked; the plan has been told.
        Abort: The person said no.
    """
    affected = plan.affects_others
    if not cli.talk.json and (affected or not cli.talk.quiet):
        for line in lines(plan):
            click.echo(line, err=yes or not affected)
    if yes or not affected:
        return
    if not cli.talk.can_ask:
        others = ", ".join(step.module for step in plan.steps if step.reason != "requested")
        raise ConfirmationNeeded(f"Other modules change too: {others}.", hint="Pass --yes to go on.", plan=plan)
    click.confirm("Go on?", abort=True, err=True)
