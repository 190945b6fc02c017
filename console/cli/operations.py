"""``modules operations``: look, and decide what becomes of one."""

from __future__ import annotations

import click

from console.cli import following
from console.cli.base import Cli, command
from console.cli.plans import lines
from console.errors import Unknown
from console.services import operations, recovery
from console.services.operation_views import OperationView, operation_json
from console.storage.uow import unit_of_work

ID = click.Argument(["operation"], metavar="ID")
NOTE = click.Option(["--note"], default="", metavar="TEXT", help="Why; stands in the journal and the audit.")
FOLLOW = click.Option(["--follow"], is_flag=True, help="Until it ends; without an ID the newest open one.")


@command("operations", click.Argument(["operation"], required=False, metavar="[ID]"), FOLLOW, following.TIMEOUT)
def look(cli: Cli, operation: str | None, *, follow: bool, timeout_s: float | None) -> int:
    """The last operations of a platform, or with an ID that one; `--follow` until it ends."""
    session = cli.read()
    if operation is not None:
        view = operations.get(session, _id(operation))
        return following.follow(cli, view, wait=follow, timeout_s=timeout_s, log=True)
    platform = cli.platform()
    if follow:
        opened = operations.open_of(session, platform.id)
        newest = opened[-1] if opened else None
        return following.follow(cli, newest, wait=True, timeout_s=timeout_s, log=True)
    views = operations.of_platform(session, platform.id)
    if cli.talk.json:
        listed = [operation_json(view) for view in views]
        cli.talk.document({"schema": 1, "platform": platform.slug, "operations": listed})
    else:
        cli.talk.table(("id", "kind", "state", "modules", "by", "when", "note"), map(_row, views))
    return 0


def _row(view: OperationView) -> tuple[object, ...]:
    modules = [f"{'-' if step.action.value == 'disable' else '+'}{step.module}" for step in view.steps]
    when = view.created_at.isoformat(sep=" ", timespec="seconds")
    return (view.id, view.kind.value, view.state.value, modules, view.actor, when, view.note)


@command("retry", ID, NOTE, *following.OPTIONS, platform=False)
def retry(cli: Cli, operation: str, *, note: str, wait: bool, timeout_s: float | None) -> int:
    """The same operation again from the failed step."""
    cli.read()
    with unit_of_work() as uow:
        view = recovery.retry(uow, cli.rt, _id(operation), actor=cli.actor, now=cli.now, note=note)
    return following.follow(cli, view, wait=wait, timeout_s=timeout_s)


@command("undo", ID, NOTE, *following.OPTIONS, platform=False)
def undo(cli: Cli, operation: str, *, note: str, wait: bool, timeout_s: float | None) -> int:
    """A new operation back to what was wanted before, for exactly its modules."""
    plan = recovery.undo_plan(cli.read(), cli.rt, _id(operation))
    for line in lines(plan):
        cli.talk.say(line)
    with unit_of_work() as uow:
        view = recovery.undo(uow, cli.rt, _id(operation), actor=cli.actor, now=cli.now, digest=plan.digest, note=note)
    return following.follow(cli, view, wait=wait, timeout_s=timeout_s)


@command("keep", ID, NOTE, platform=False)
def keep(cli: Cli, operation: str, *, note: str) -> int:
    """Accept what is: what failed or was skipped is not wanted any more."""
    cli.read()
    with unit_of_work() as uow:
        view = recovery.keep(uow, cli.rt, _id(operation), actor=cli.actor, now=cli.now, note=note)
    return following.tell(cli, view)


@command("cancel", ID, NOTE, platform=False)
def cancel(cli: Cli, operation: str, *, note: str) -> int:
    """End a queued operation, or one that waits between tries."""
    cli.read()
    with unit_of_work() as uow:
        view = recovery.cancel(uow, cli.rt, _id(operation), actor=cli.actor, now=cli.now, note=note)
    return following.tell(cli, view)


REASON = click.Option(["--note"], required=True, metavar="TEXT", help="Why; stands in the journal and the audit.")
STEP = click.Argument(["step"], metavar="STEP")


@command("force", ID, STEP, REASON, *following.OPTIONS, platform=False)
def force(cli: Cli, operation: str, step: str, *, note: str, wait: bool, timeout_s: float | None) -> int:
    """Finish a step of switching off without its hook; STEP is its module or its place."""
    cli.read()
    with unit_of_work() as uow:
        view = recovery.force(uow, cli.rt, _id(operation), step, note=note, actor=cli.actor, now=cli.now)
    return following.follow(cli, view, wait=wait, timeout_s=timeout_s)


def _id(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Unknown("operation", text)
    return int(text)
