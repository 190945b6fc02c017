"""``modules migrations``, ``migrate`` and ``revision``, and ``db upgrade``."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from console.cli.base import Cli, command
from console.services import migrations as service
from console.services.documents import branch_json

if TYPE_CHECKING:
    from console.services.migrations.run import BranchReport
    from console.services.migrations.standing import BranchStatus

CODE = click.Argument(["code"], required=False)
DRY_RUN = click.Option(["--dry-run"], is_flag=True, help="Say what would run; change nothing.")
SQL = click.Option(["--sql"], is_flag=True, help="Print the statements that would run; change nothing.")


@command("migrations", platform=False)
def migrations(cli: Cli) -> int:
    """How every branch stands: current, behind, missing, drifted or failed; exit 1 unless all are current."""
    branches = service.status(cli.app)
    _tell_status(cli, branches)
    return 0 if all(branch.state in ("current", "missing") for branch in branches) else 1


@command("migrate", CODE, DRY_RUN, SQL, platform=False)
def migrate(cli: Cli, code: str | None, *, dry_run: bool, sql: bool) -> int:
    """Upgrade all branches, or the console's and one module's; exit 1 when one of them cannot be."""
    return upgrade(cli, code, dry_run=dry_run, sql=sql)


@command("upgrade", DRY_RUN, SQL, platform=False)
def db_upgrade(cli: Cli, *, dry_run: bool, sql: bool) -> int:
    """Migrate the console and every module to the versions of this code; exit 1 when a module cannot be."""
    return upgrade(cli, None, dry_run=dry_run, sql=sql)


def upgrade(cli: Cli, code: str | None, *, dry_run: bool = False, sql: bool = False) -> int:
    """Upgrades, or shows what an upgrade would do; its exit code.

    Raises:
        Unknown: There is no module ``code``.
    """
    if code is not None:
        code = cli.rt.registry[code].code
    if sql:
        statements = service.upgrade_sql(cli.app, only=code)
        if cli.talk.json:
            cli.talk.document({"schema": 1, "sql": statements})
        else:
            cli.talk.answer(statements)
        return 0
    if dry_run:
        branches = [each for each in service.status(cli.app) if code is None or each.module in (None, code)]
        _tell_status(cli, [branch for branch in branches if branch.pending])
        return 0
    reports = service.upgrade(cli.app, only=code)
    _tell_reports(cli, reports)
    return 1 if any(report.error for report in reports) else 0


def _tell_reports(cli: Cli, reports: Sequence[BranchReport]) -> None:
    if cli.talk.json:
        listed = [
            {"module": each.module, "branch": each.branch, "applied": list(each.applied), "error": each.error}
            for each in reports
        ]
        cli.talk.document({"schema": 1, "branches": listed})
        return
    for each in reports:
        for revision in each.applied:
            cli.talk.done(f"{each.branch}: applied {revision}")
        if each.error:
            cli.talk.say(f"{each.branch}: left as it is: {each.error}")
    if not any(each.applied or each.error for each in reports):
        cli.talk.done("Everything is at its version.")


def _tell_status(cli: Cli, branches: Sequence[BranchStatus]) -> None:
    if cli.talk.json:
        listed = [branch_json(each) for each in branches]
        cli.talk.document({"schema": 1, "branches": listed})
        return
    rows = ((each.branch, each.state, each.current, each.head, list(each.pending), each.error) for each in branches)
    cli.talk.table(("branch", "state", "applied", "head", "pending", "error"), rows)


MESSAGE = click.Option(["-m", "--message"], required=True, metavar="TEXT", help="What it does; becomes its name.")


@command("revision", click.Argument(["code"]), MESSAGE, platform=False)
def revision(cli: Cli, code: str, *, message: str) -> None:
    """A new migration in the guide's name and template, for what differs in the module's tables."""
    with contextlib.redirect_stdout(sys.stderr):  # Alembic tells what it does
        path = service.new_revision(cli.app, code, message)
    if cli.talk.json:
        cli.talk.document({"schema": 1, "module": code, "path": str(path)})
    else:
        cli.talk.answer(str(path))
