"""``backup create`` and ``backup verify``: copies of the database, and whether they would bring it back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from console.cli.base import Cli, command
from console.errors import Unknown
from console.jobs.process import leaving_on_sigterm
from console.services.backups import drafts, looking, making
from console.services.backups.looking import Report
from console.services.backups.making import Made
from console.services.migrations.exclusive import exclusive
from console.storage.base import db
from console.storage.uow import end_read, unit_of_work

TO = click.Option(
    ["--to"], metavar="FILE", help="Where to; else a name with the time, in `backups` of the data folder."
)
NOTE = click.Option(["--note"], default="", metavar="TEXT", help="Why, for the audit.")
FILES = click.Argument(["files"], nargs=-1, metavar="[FILE]…")


@command("create", TO, NOTE, platform=False)
def create(cli: Cli, *, to: str | None, note: str) -> None:
    """A copy of the database as it is at one moment, while everybody goes on; the key file is not in it."""
    cli.read()
    end_read()
    now, engine = cli.now, db.engine
    target = Path(to).absolute() if to else drafts.default_target(cli.rt.settings.data_dir, making.kind_of(engine), now)
    with leaving_on_sigterm(), exclusive(engine), making.made(engine, target, now) as made:
        with unit_of_work() as uow:
            making.record(uow, made, actor=cli.actor, note=note, now=now)
        made.draft.publish()
        _tell_made(cli, made)


def _tell_made(cli: Cli, made: Made) -> None:
    key = cli.rt.settings.secret_key_file
    if cli.talk.json:
        facts = {**made.manifest.as_json(), "path": str(made.target), "key_file": str(key)}
        cli.talk.document({"schema": 1, "backup": facts})
        return
    cli.talk.done(f"{made.target}: {made.manifest.size_bytes} bytes, SHA-256 {made.manifest.sha256}.")
    cli.talk.say(f"The key file {key} is not in it. Keep a copy of that elsewhere: without it the secrets stay sealed.")


@command("verify", FILES, platform=False)
def verify(cli: Cli, *, files: Sequence[str]) -> int:
    """Look at copies, without a name at all of the data folder's `backups`; exit 1 when one of them is not right."""
    folder = cli.rt.settings.data_dir / drafts.FOLDER
    paths = [Path(each).absolute() for each in files] or drafts.listed(folder)
    if not paths:
        raise Unknown("backup", str(folder))
    with leaving_on_sigterm():
        reports = [looking.look(path, db.engine, cli.rt) for path in paths]
    if cli.talk.json:
        holds = all(each.holds for each in reports)
        cli.talk.document({"schema": 1, "holds": holds, "backups": [report_json(each) for each in reports]})
    else:
        tell(cli, reports)
    return 0 if all(each.holds for each in reports) else 1


def tell(cli: Cli, reports: Sequence[Report]) -> None:
    """A line for each file that is whole, and one for each thing to know."""
    rows: list[tuple[object, ...]] = []
    for each in reports:
        if each.holds:
            rows.append((each.path, "ok", _made_at(each)))
        rows += [(each.path, found.code, found.text) for found in each.findings]
    cli.talk.table(("file", "finding", "what"), rows)


def _made_at(report: Report) -> str:
    made = "" if report.manifest is None else f" Made at {report.manifest.created_at}."
    return f"It is whole and fits this console.{made}"


def report_json(report: Report) -> dict[str, object]:
    """What was found about one file, as it stands in documents."""
    return {
        "path": str(report.path),
        "holds": report.holds,
        "database": report.kind,
        "sha256": report.sha256 or None,
        "bytes": report.size_bytes,
        "created_at": None if report.manifest is None else report.manifest.created_at,
        "findings": [{"code": each.code, "wrong": each.is_wrong, "message": each.text} for each in report.findings],
    }
