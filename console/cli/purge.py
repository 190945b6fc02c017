"""``modules purge``: delete what a module keeps for one platform, after counting and, if wanted, exporting it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click

from console.cli.base import Cli, command
from console.errors import ConfirmationNeeded, UsageError
from console.services import purge as service
from console.services import purge_export
from console.services.purge import PurgeView
from console.storage.uow import end_read, read_session, unit_of_work

CONFIRM = click.Option(["--confirm"], metavar="PLATFORM/CODE", help="What would be deleted, typed out.")
EXPORT = click.Option(["--export"], metavar="FILE", help="First write the rows into this file, as JSON.")
DRY_RUN = click.Option(["--dry-run"], is_flag=True, help="Count only.")


@command("purge", click.Argument(["code"]), CONFIRM, EXPORT, DRY_RUN)
def purge(cli: Cli, code: str, *, confirm: str | None, export: str | None, dry_run: bool) -> None:
    """Delete the rows and settings of a module that is switched off; other platforms' stay. It cannot be undone."""
    platform = cli.platform()
    platform_id = platform.id
    view = service.look(cli.read(), cli.rt, platform_id, code)
    if not dry_run and [block.code for block in view.blocks] == [service.WORK_OPEN]:
        view = _after_its_work(cli, platform_id, code)
    _tell_counts(cli, view)
    if dry_run:
        if cli.talk.json:
            cli.talk.document(service.as_json(view, purged=False))
        return
    service.must_not_be_blocked(view)
    typed = _confirmation(cli, view, confirm)
    with unit_of_work() as uow:
        if export is not None and typed == view.confirm:
            pieces = purge_export.export(uow.session, cli.rt, platform_id, code, now=cli.now)
            _write(Path(export), pieces)
            cli.talk.say(f"Exported to {export}.")
        done = service.purge(uow, cli.rt, platform_id, code, confirm=typed, actor=cli.actor, now=cli.now)
    if cli.talk.json:
        cli.talk.document(service.as_json(done, purged=not done.is_empty, export=export))
    elif done.is_empty:
        cli.talk.done("There was nothing to delete.")
    else:
        cli.talk.done(f"Deleted {_count(done.rows, 'row')} and {_count(done.settings, 'setting')} of {done.confirm}.")


def _after_its_work(cli: Cli, platform_id: int, code: str) -> PurgeView:
    """What there is once the background work has ended or its time is over; without a worker it is done here."""
    from console.jobs.runner import drain

    def look() -> PurgeView:
        end_read()  # what was read before belongs to an older view
        return service.look(read_session(), cli.rt, platform_id, code)

    cli.talk.say("Waiting for the end of its background work.")
    limit_s = cli.rt.settings.hook_timeout_s
    drain(cli.app, platform_id=platform_id, until=lambda: not look().blocks, timeout_s=limit_s)
    return look()


def _confirmation(cli: Cli, view: PurgeView, given: str | None) -> str:
    """What was typed, asked for when there is somebody to ask.

    Raises:
        ConfirmationNeeded: Nothing was typed, and nobody can be asked.
    """
    if given is not None:
        return given
    if not cli.talk.can_ask:
        raise ConfirmationNeeded(
            f"What {view.confirm} keeps would be deleted for good.", hint=f"Pass --confirm {view.confirm}."
        )
    typed: str = click.prompt(f"Type {view.confirm} to delete it for good", err=True)
    return typed


def _tell_counts(cli: Cli, view: PurgeView) -> None:
    rows = [(each.name, each.rows if each.owned else "stays: no tenant's") for each in view.tables]
    rows += [("settings", view.settings), ("revisions of settings", view.revisions)]
    if not cli.talk.json:
        cli.talk.table(("what", "rows"), rows)
    for block in view.blocks:
        cli.talk.say(f"Blocked: {block.message} {block.hint}".rstrip())


def _write(path: Path, pieces: Iterator[str]) -> None:
    """A new file that nobody else may read; nothing is deleted unless all of it is on the disk.

    Raises:
        UsageError: There is such a file, or it cannot be written.
    """
    is_ours = False
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        is_ours = True
        with open(handle, "w", encoding="utf-8") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        if is_ours:
            path.unlink(missing_ok=True)
        reason = error.strerror or type(error).__name__
        raise UsageError(
            f"The export cannot be written to {path}: {reason}. Nothing was deleted.", hint="Name another file."
        ) from error


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
