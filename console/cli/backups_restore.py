"""``backup restore``: a copy in the place of the database, after a copy of what is there now."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click
from sqlalchemy.exc import SQLAlchemyError

from console import jobs
from console.cli.backups import report_json, tell
from console.cli.base import Cli, command
from console.errors import ConfirmationNeeded, ConsoleError, UsageError
from console.jobs.process import leaving_on_sigterm
from console.services import audit_verify
from console.services.backups import drafts, looking, making, postgres_tools, restoring, sqlite_files
from console.services.backups.looking import Report
from console.services.backups.manifests import Manifest
from console.services.migrations.exclusive import exclusive
from console.services.secrets import known_key
from console.storage import private
from console.storage.base import db
from console.storage.occupied import vacated
from console.storage.uow import end_read, read_session, unit_of_work

if TYPE_CHECKING:
    from datetime import datetime

REASON = click.Option(["--reason"], default="", metavar="TEXT", help="Why, for the audit; must be said.")
DRY_RUN = click.Option(
    ["--dry-run"], is_flag=True, help="Look at the file, and whether it could be done; change nothing."
)
YES = click.Option(["--yes"], is_flag=True, help="Do not ask.")
RETURNS = (
    "Everything is as it was then: tokens that were revoked since are valid again, and people, roles and passwords are"
    " those of then. Look at `users list` and `tokens list` before you start `serve`. All sessions are ended."
)


@command("restore", click.Argument(["file"]), REASON, DRY_RUN, YES, platform=False)
def restore(cli: Cli, *, file: str, reason: str, dry_run: bool, yes: bool) -> None:
    """Put a copy in the place of the database; what is there now is kept as `before-restore-…`."""
    if not (reason.strip() or dry_run):
        raise UsageError("A restore needs a reason.", hint="Pass --reason TEXT; it stands in the audit.")
    with leaving_on_sigterm(), _nobody_else(cli):
        report = looking.look(Path(file).absolute(), db.engine, cli.rt)
        if not (cli.talk.json or cli.talk.quiet):
            tell(cli, [report])
        restoring.must_hold(report)
        if dry_run:
            _tell_dry(cli, report)
            return
        _ask(cli, report, yes=yes)
        now = cli.now
        kept = (
            _into_file(cli, report, reason, now) if report.kind == "sqlite" else _into_server(cli, report, reason, now)
        )
        audit_verify.begin_again(read_session(), cli.rt, now)
        _tell_done(cli, report, kept)


@contextmanager
def _nobody_else(cli: Cli) -> Generator[None]:
    """The database without server, worker or runner, as far as that shows; none starts inside the block.

    Raises:
        RuleRefused: Somebody uses it.
        UsageError: It is in memory, or named by a `file:` address.
    """
    with vacated(cli.rt.settings.data_dir) as is_vacated:
        if not is_vacated:
            raise sqlite_files.in_use("`serve`, `worker` or another restore runs on this data folder")
        if _a_runner_lives(cli):
            raise sqlite_files.in_use("a runner is alive")
        restoring.let_go()
        live = private.file_of(db.engine.url)
        if making.kind_of(db.engine) == "postgresql":
            _must_be_alone()
        elif live is None:
            raise UsageError("The database is no file that could be replaced.", hint="Set CONSOLE_DATABASE_URL.")
        elif _holds_something(live):
            with sqlite_files.held(live):
                pass
        yield


def _must_be_alone() -> None:
    others = postgres_tools.others(db.engine)
    if others:
        raise sqlite_files.in_use(f"{len(others)} other connections ({', '.join(sorted(set(others)))})")


def _a_runner_lives(cli: Cli) -> bool:
    """Whether one says so in the database; one that cannot be read has none."""
    live = private.file_of(db.engine.url)
    if live is not None and not _holds_something(live):
        return False
    try:
        with suppress(ConsoleError, SQLAlchemyError):
            return jobs.alive(read_session(), cli.now)
    finally:
        end_read()
    return False


def _holds_something(file: Path) -> bool:
    return file.exists() and file.stat().st_size > 0


def _ask(cli: Cli, report: Report, *, yes: bool) -> None:
    """Goes on when somebody says yes.

    Raises:
        ConfirmationNeeded: Nobody can be asked.
        Abort: The person said no.
    """
    if yes:
        return
    if not cli.talk.can_ask:
        raise ConfirmationNeeded(
            f"The database would be replaced by {report.path}.", hint="Pass --yes to go on; a copy is made first."
        )
    click.confirm(f"Replace the database by {report.path}?", abort=True, err=True)


def _target(cli: Cli, report: Report, now: datetime) -> Path:
    assert report.kind is not None  # it holds
    return drafts.default_target(cli.rt.settings.data_dir, report.kind, now, prefix=drafts.BEFORE_RESTORE)


def _into_file(cli: Cli, report: Report, reason: str, now: datetime) -> Manifest | None:
    named, kept = private.file_of(db.engine.url), None
    assert named is not None  # the file was found to be of the same kind
    live = named.resolve()  # SQLite follows links too, and has its log where they lead
    there = _holds_something(live)
    ahead_of = restoring.highest_revision(db.engine) if there else 0
    restoring.let_go()
    live.parent.mkdir(parents=True, exist_ok=True)
    private.make(live)
    with exclusive(db.engine), restoring.beside(cli.rt, report) as fresh, sqlite_files.held(live) as raw:
        if there:
            with drafts.drafted(_target(cli, report, now)) as draft:
                kept = restoring.keep_file(raw, live, draft, now)
        with fresh.app_context():
            with unit_of_work() as uow:
                restoring.settle(uow, ahead_of=ahead_of)
                restoring.record(uow, report, kept=kept, actor=cli.actor, reason=reason, now=now)
            audit_verify.expect(read_session(), cli.rt)
        restoring.into_file(raw, live, fresh)
    private.close_to_others(live)
    return kept


def _into_server(cli: Cli, report: Report, reason: str, now: datetime) -> Manifest | None:
    kept = None
    restoring.let_go()
    with exclusive(db.engine):
        _must_be_alone()
        ahead_of = restoring.highest_revision(db.engine)
        if not postgres_tools.is_empty(db.engine):
            with making.made(db.engine, _target(cli, report, now), now) as made:
                made.draft.publish()
                kept = made.manifest
        restoring.into_server(db.engine, report, ahead_of=ahead_of)
    restoring.bring_up_to_date(cli.app)
    with unit_of_work() as uow:
        restoring.record(uow, report, kept=kept, actor=cli.actor, reason=reason, now=now)
    return kept


def _tell_dry(cli: Cli, report: Report) -> None:
    if cli.talk.json:
        cli.talk.document({"schema": 1, "restored": False, "backup": report_json(report), "kept": None})
    else:
        cli.talk.done(f"{report.path} could be restored. Nothing was changed.")


def _tell_done(cli: Cli, report: Report, kept: Manifest | None) -> None:
    folder = cli.rt.settings.data_dir / drafts.FOLDER
    path = None if kept is None else str(folder / kept.file)
    if cli.talk.json:
        cli.talk.document({"schema": 1, "restored": True, "backup": report_json(report), "kept": path})
    else:
        cli.talk.done(f"The database is that of {report.path}.")
        if path is not None:
            cli.talk.done(f"What was there before is in {path}; `backup restore` brings that back, too.")
    cli.talk.say(RETURNS)
    if known_key(read_session()) != cli.rt.secrets.key_id:
        cli.talk.say("Its secrets are sealed with an older key of the key file: `secrets rotate` seals them anew.")
